import LineupRunRecords
import Testing

@Suite struct ProvenanceTests {
  @Test func everyEntryIsFilledInAndNamedOnce() {
    let provenance = Provenance.gather(
      blasCore: "Haswell", threads: 1, extra: [.init(name: "self_test", value: "passed")])
    let names = provenance.entries.map(\.name)
    #expect(Set(names).count == names.count)
    for name in ["started_utc", "git_commit", "git_dirty", "host", "os", "cpu", "cpu_flags", "compiler", "argv"] {
      #expect(provenance[name]?.isEmpty == false, "\(name)")
    }
    #expect(provenance["openblas_core"] == "Haswell")
    #expect(provenance["hdf5"] == hdf5Version())
    #expect(hdf5Version().hasPrefix("1."))
    #expect(names.last == "self_test")
    #expect(provenance["started_utc"]?.count == "2000-01-01T00:00:00Z".count)
  }
}
