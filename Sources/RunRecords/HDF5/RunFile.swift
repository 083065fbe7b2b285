internal import CLineupHDF5
import Foundation
import LineupSupport

/// A group inside a file, or its root.
final class Group: AttributeOwner {
  let handle: Handle
  let place: Place

  init(_ handle: Handle, _ place: Place) {
    self.handle = handle
    self.place = place
  }
}

/// What a group holds under a name.
enum Member: Equatable {
  case group
  case dataset
  case other
}

/// An open HDF5 file with checksummed metadata (the format of HDF5 1.10), which is what SWMR needs.
final class RunFile: AttributeOwner {
  let path: String
  let handle: Handle
  /// Whether another process was writing the file when it was opened, or died while doing so.
  let isLive: Bool
  let size: Int
  private let health: FileHealth

  var place: Place { place("/") }

  private init(path: String, handle: Handle, isLive: Bool = false, size: Int = .max, health: FileHealth) {
    self.path = path
    self.health = health
    self.handle = handle
    self.isLive = isLive
    self.size = size
  }

  /// Creates a file that is prepared under one name and known to the user under another; what has the first name is
  /// overwritten.
  static func create(_ preparation: String, named path: String) throws(Fault) -> RunFile {
    let health = FileHealth()
    let place = Place(file: path, object: "the file", health: health)
    let access = try acquire(.writing, place, release: H5Pclose) { chdf5_file_access() }
    let handle = try acquire(.writing, place, release: H5Fclose) {
      H5Fcreate(preparation, chdf5_truncate(), chdf5_default(), access.id)
    }
    return RunFile(path: path, handle: handle, health: health)
  }

  /// Opens a file for reading, whether it is finished, being written, or was left by a killed process.
  static func read(_ path: String) throws(Fault) -> RunFile {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
      throw .fileMissing(file: path)
    }
    let health = FileHealth()
    let place = Place(file: path, object: "the file", health: health)
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw .damaged(file: path, object: "the file", reason: "reading it is not permitted")
    }
    let (descriptor, size) = try WholeFile.open(path)
    Foundation.close(descriptor)
    chdf5_prepare()
    guard H5Fis_hdf5(path) > 0 else { throw .notHDF5(file: path) }
    awaitLock(of: path)
    let access = try acquire(.reading, place, release: H5Pclose) { chdf5_file_access() }
    let plain = H5Fopen(path, chdf5_read_only(), access.id)
    if plain >= 0 {
      return try RunFile(path: path, handle: Handle(plain, release: H5Fclose), size: size, health: health).scanned()
    }
    let plainError = lastError(.reading, place)
    // A reader that meets a page in the middle of being written looks again, after a pause that doubles each time. The
    // library's default of 100 looks would mean waiting for ever on a truncated file; 24 are about 17 ms.
    try call(.reading, place) { H5Pset_metadata_read_attempts(access.id, 24) }
    let live = H5Fopen(path, chdf5_read_while_written(), access.id)
    guard live >= 0 else { throw plainError }
    return try RunFile(path: path, handle: Handle(live, release: H5Fclose), isLive: true, size: size, health: health)
      .scanned()
  }

  /// Waits until the file's lock is free, half a second at most.
  ///
  /// The library locks what it writes and gives up at once on what is locked. A process that is just being started holds the
  /// locks of all files that were open, until it runs its own program, so that one may outlive its file by a moment.
  private static func awaitLock(of path: String) {
    FileLock.awaitRelease(of: path, patience: 0.5)
  }

  /// Turns a freshly created file into one that can be read while it is written. From here on no object can be made.
  func startSharing() throws(Fault) {
    try call(.writing, place) { H5Fstart_swmr_write(handle.id) }
  }

  /// Writes what is left and closes the file.
  func close() throws(Fault) {
    try call(.writing, place) { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) }
    try call(.writing, place) { handle.close() }
  }

  // MARK: Objects

  /// An object of this file, for error messages.
  func place(_ object: String) -> Place { Place(file: path, object: object, health: health) }

  /// Creates a group, with missing ones on the way.
  func createGroup(_ path: String, attributes: [(String, AttributeValue)] = []) throws(Fault) {
    let place = place(path)
    let creation = try acquire(.writing, place, release: H5Pclose) { chdf5_group_creation() }
    let links = try acquire(.writing, place, release: H5Pclose) { chdf5_link_creation() }
    let group = try acquire(.writing, place, release: H5Gclose) {
      H5Gcreate2(handle.id, path, links.id, creation.id, chdf5_default())
    }
    try Group(group, place).setAttributes(attributes)
  }

  /// Creates a scalar dataset that holds a string.
  func createString(_ path: String, _ value: String) throws(Fault) {
    let type = ElementType.string(length: max(1, value.utf8.count))
    let dataset = try Dataset(creating: path, in: self, DatasetLayout(type: type, shape: []))
    try dataset.write(padded(value, to: type.size), as: type)
  }

  /// Lets a second name lead to an object.
  func createSoftLink(_ path: String, to target: String) throws(Fault) {
    let place = place(path)
    let links = try acquire(.writing, place, release: H5Pclose) { chdf5_link_creation() }
    try call(.writing, place) { H5Lcreate_soft(target, handle.id, path, links.id, chdf5_default()) }
  }

  func group(_ path: String) throws(Fault) -> Group {
    let place = place(path)
    guard exists(path) else { throw .objectMissing(file: self.path, object: path) }
    return Group(
      try acquire(.reading, place, release: H5Gclose) { H5Gopen2(handle.id, path, chdf5_default()) }, place)
  }

  func dataset(_ path: String) throws(Fault) -> Dataset {
    let place = place(path)
    guard exists(path) else { throw .objectMissing(file: self.path, object: path) }
    let opened = try acquire(.reading, place, release: H5Dclose) { H5Dopen2(handle.id, path, chdf5_default()) }
    return Dataset(opened, place, fileSize: size)
  }

  /// Whether every link on an absolute path is there.
  func exists(_ path: String) -> Bool {
    chdf5_prepare()
    var prefix = ""
    for part in path.split(separator: "/") {
      prefix += "/" + part
      guard H5Lexists(handle.id, prefix, chdf5_default()) > 0 else { return false }
    }
    return true
  }

  /// The members of a group in order of creation; soft links, which only repeat members, are left out.
  func members(of path: String) throws(Fault) -> [(name: String, kind: Member)] {
    let group = try group(path)
    var information = H5G_info_t()
    try call(.reading, group.place) { H5Gget_info(group.handle.id, &information) }
    var members: [(String, Member)] = []
    for index in 0..<information.nlinks {
      var buffer = [CChar](repeating: 0, count: 1024)
      try call(.reading, group.place) { chdf5_link_name(group.handle.id, index, &buffer, buffer.count) }
      let name = text(buffer.map(UInt8.init(bitPattern:)))
      try requireNoControls(name, in: group.place)
      let kind = try call(.reading, group.place) { chdf5_link_kind_of(group.handle.id, name) }
      switch UInt32(kind) {
      case CHDF5_LINK_SOFT.rawValue: continue
      case CHDF5_LINK_GROUP.rawValue: members.append((name, .group))
      case CHDF5_LINK_DATASET.rawValue: members.append((name, .dataset))
      default: members.append((name, .other))
      }
    }
    return members
  }

  /// The paths of all datasets below a group, in order of creation.
  func datasets(below path: String, depth: Int = 0) throws(Fault) -> [String] {
    var paths: [String] = []
    for (name, kind) in try members(of: path) {
      let full = path == "/" ? "/\(name)" : "\(path)/\(name)"
      switch kind {
      case .dataset: paths.append(full)
      // A damaged file may lead in circles; run files are never this deep.
      case .group where depth < 16: paths += try datasets(below: full, depth: depth + 1)
      default: break
      }
    }
    return paths
  }
}
