#ifndef CHDF5_H
#define CHDF5_H

// What Swift needs from HDF5 and cannot import by itself: constants that are macros with casts or function calls in
// them, functions whose names are versioned macros, and the error stack, which is walked with a callback.
// Everything else (H5Dwrite, H5Sselect_hyperslab, …) Swift calls directly.

#include <hdf5.h>
#include <hdf5_hl.h>

/// Switches off the library's own printing of errors for the calling thread (the setting is kept per thread), and, once
/// per process, its exit handler: after a failed write that handler would try to flush the same pages again. Plug-ins and
/// external links are switched off too.
void chdf5_prepare(void);

/// Copies the root cause of the last failed call on this thread into `text` (always terminated). Returns the system
/// error number that HDF5 found underneath, or 0.
int chdf5_last_error(char *text, size_t capacity);

/// The number of attributes of an object, or a negative value.
int64_t chdf5_attribute_count(hid_t object);

/// What a file from elsewhere may hold and a run file never does.
enum chdf5_oddity {
  CHDF5_ODD_NONE = 0,
  /// A link that leads out of the file, or of a kind of its own.
  CHDF5_ODD_LINK = 1,
  /// Values that lie in other files.
  CHDF5_ODD_EXTERNAL_STORAGE = 2,
  /// A dataset put together from others, perhaps of other files.
  CHDF5_ODD_VIRTUAL = 3,
  /// A filter other than deflate, shuffle and fletcher32; `detail` is its number.
  CHDF5_ODD_FILTER = 4,
  /// Elements other than numbers, texts of fixed length, and compounds of these.
  CHDF5_ODD_TYPE = 5,
  /// A chunk or an attribute larger than the file can account for.
  CHDF5_ODD_CHUNK = 6,
  /// More objects or attributes than any run has.
  CHDF5_ODD_COUNT = 7
};

struct chdf5_finding {
  enum chdf5_oddity oddity;
  long detail;
  char object[256];
};

/// Looks at every object of a file, reading no values. Returns a negative value where the file is damaged; what is odd about
/// it, if anything, is told in `finding`.
///
/// `most_bytes`: the size that no chunk and no attribute may exceed.
int chdf5_scan(hid_t file, uint64_t most_bytes, struct chdf5_finding *finding);

/// What a link leads to.
enum chdf5_link_kind {
  CHDF5_LINK_GROUP = 0,
  CHDF5_LINK_DATASET = 1,
  CHDF5_LINK_SOFT = 2,
  CHDF5_LINK_OTHER = 3
};

/// One of `chdf5_link_kind`, or a negative value.
int chdf5_link_kind_of(hid_t group, const char *name);

/// The name of the link with this index, in order of creation where the group remembers it, else alphabetically.
/// Returns the length of the whole name, or a negative value; call with NULL to learn the length.
int64_t chdf5_link_name(hid_t group, hsize_t index, char *name, size_t capacity);

/// A property list for opening and creating files: format of HDF5 1.10 (checksummed metadata, needed for SWMR), closing a
/// file closes what is open in it. Newer libraries are held to 1.10, so that the older ones can read what they write.
hid_t chdf5_file_access(void);

/// A property list for new groups: order of creation kept, no time stamps, missing parents created by
/// `chdf5_link_creation`.
hid_t chdf5_group_creation(void);

/// A property list for links: UTF-8 names, missing parent groups are created.
hid_t chdf5_link_creation(void);

/// A fixed-length UTF-8 string type of `length` bytes, padded with zeros.
hid_t chdf5_string_type(size_t length);

static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }
static inline hsize_t chdf5_unlimited(void) { return H5S_UNLIMITED; }
static inline hid_t chdf5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_compound_class(size_t size) { return H5Tcreate(H5T_COMPOUND, size); }

static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_read_while_written(void) { return H5F_ACC_RDONLY | H5F_ACC_SWMR_READ; }

static inline hid_t chdf5_type_u8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_type_u16(void) { return H5T_STD_U16LE; }
static inline hid_t chdf5_type_i32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_type_u32(void) { return H5T_STD_U32LE; }
static inline hid_t chdf5_type_i64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_type_u64(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_type_f32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_type_f64(void) { return H5T_IEEE_F64LE; }

static inline int chdf5_is_integer(hid_t type) { return H5Tget_class(type) == H5T_INTEGER; }
static inline int chdf5_is_float(hid_t type) { return H5Tget_class(type) == H5T_FLOAT; }
static inline int chdf5_is_string(hid_t type) { return H5Tget_class(type) == H5T_STRING; }

/// Selects `rows` rows from `first` on, whole in all other axes.
herr_t chdf5_select_rows(hid_t space, int rank, const hsize_t *shape, hsize_t first, hsize_t rows);

#endif
