#include "CLineupHDF5.h"

#include <stdio.h>
#include <string.h>

// Files from elsewhere: what of them would make HDF5 read other files, run other code, or take more memory than the file
// can account for.

static const unsigned most_links = 20000, most_attributes = 1000, deepest_type = 8;

struct scan {
  hid_t file;
  uint64_t most_bytes;
  unsigned links;
  struct chdf5_finding *finding;
};

static herr_t find(struct scan *scan, const char *object, enum chdf5_oddity oddity, long detail) {
  scan->finding->oddity = oddity;
  scan->finding->detail = detail;
  snprintf(scan->finding->object, sizeof scan->finding->object, "/%s", object);
  return 1;
}

// Numbers, texts of fixed length, and compounds of these: all that a run file has.
static int is_plain(hid_t type, unsigned depth) {
  H5T_class_t class = H5Tget_class(type);
  if (class == H5T_INTEGER || class == H5T_FLOAT) return 1;
  if (class == H5T_STRING) return H5Tis_variable_str(type) == 0;
  if (class != H5T_COMPOUND || depth >= deepest_type) return 0;
  int members = H5Tget_nmembers(type), plain = members >= 0;
  for (int member = 0; member < members && plain; member++) {
    hid_t inner = H5Tget_member_type(type, (unsigned)member);
    plain = inner >= 0 && is_plain(inner, depth + 1);
    if (inner >= 0) H5Tclose(inner);
  }
  return plain;
}

static herr_t scan_filters(struct scan *scan, const char *name, hid_t list) {
  int filters = H5Pget_nfilters(list);
  for (int place = 0; place < filters; place++) {
    unsigned flags, values[8];
    size_t count = 8;
    H5Z_filter_t filter = H5Pget_filter2(list, (unsigned)place, &flags, &count, values, 0, NULL, NULL);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32) {
      return find(scan, name, CHDF5_ODD_FILTER, filter);
    }
  }
  return filters < 0 ? -1 : 0;
}

static herr_t scan_layout(struct scan *scan, const char *name, hid_t list, hid_t type) {
  if (H5Pget_external_count(list) != 0) return find(scan, name, CHDF5_ODD_EXTERNAL_STORAGE, 0);
  H5D_layout_t layout = H5Pget_layout(list);
  if (layout == H5D_VIRTUAL) return find(scan, name, CHDF5_ODD_VIRTUAL, 0);
  if (layout == H5D_CHUNKED) {
    hsize_t extent[H5S_MAX_RANK];
    int rank = H5Pget_chunk(list, H5S_MAX_RANK, extent);
    if (rank < 0) return -1;
    uint64_t bytes = H5Tget_size(type);
    for (int axis = 0; axis < rank; axis++) {
      if (extent[axis] != 0 && bytes > scan->most_bytes / extent[axis]) {
        return find(scan, name, CHDF5_ODD_CHUNK, 0);
      }
      bytes *= extent[axis];
    }
  }
  return scan_filters(scan, name, list);
}

static herr_t scan_dataset(struct scan *scan, const char *name, hid_t dataset) {
  hid_t type = H5Dget_type(dataset), list = H5Dget_create_plist(dataset);
  herr_t result = type < 0 || list < 0 ? -1 : 0;
  if (result == 0 && !is_plain(type, 0)) result = find(scan, name, CHDF5_ODD_TYPE, 0);
  if (result == 0) result = scan_layout(scan, name, list, type);
  if (list >= 0) H5Pclose(list);
  if (type >= 0) H5Tclose(type);
  return result;
}

struct attributes {
  struct scan *scan;
  const char *object;
  unsigned count;
};

static herr_t scan_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context) {
  struct attributes *attributes = context;
  if (++attributes->count > most_attributes) return find(attributes->scan, attributes->object, CHDF5_ODD_COUNT, 0);
  if (info->data_size > attributes->scan->most_bytes) {
    return find(attributes->scan, attributes->object, CHDF5_ODD_CHUNK, 0);
  }
  // The marks of HDF5's own dimension scales, which every run has and nobody reads here.
  if (strcmp(name, "DIMENSION_LIST") == 0 || strcmp(name, "REFERENCE_LIST") == 0) return 0;
  hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  if (attribute < 0) return -1;
  hid_t type = H5Aget_type(attribute);
  herr_t result = type < 0 ? -1 : 0;
  if (result == 0 && !is_plain(type, 0)) result = find(attributes->scan, attributes->object, CHDF5_ODD_TYPE, 0);
  if (type >= 0) H5Tclose(type);
  H5Aclose(attribute);
  return result;
}

static herr_t scan_object(struct scan *scan, const char *name, hid_t object) {
  H5I_type_t kind = H5Iget_type(object);
  if (kind != H5I_DATASET && kind != H5I_GROUP) return 0;
  herr_t result = kind == H5I_DATASET ? scan_dataset(scan, name, object) : 0;
  if (result != 0) return result;
  struct attributes attributes = {scan, name, 0};
  return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, scan_attribute, &attributes);
}

static herr_t scan_link(hid_t group, const char *name, const H5L_info_t *info, void *context) {
  struct scan *scan = context;
  (void)group;
  if (++scan->links > most_links) return find(scan, name, CHDF5_ODD_COUNT, 0);
  // A soft link leads to another name of this file, which is visited by itself.
  if (info->type == H5L_TYPE_SOFT) return 0;
  if (info->type != H5L_TYPE_HARD) return find(scan, name, CHDF5_ODD_LINK, info->type);
  hid_t object = H5Oopen(scan->file, name, H5P_DEFAULT);
  if (object < 0) return -1;
  herr_t result = scan_object(scan, name, object);
  H5Oclose(object);
  return result;
}

int chdf5_scan(hid_t file, uint64_t most_bytes, struct chdf5_finding *finding) {
  struct scan scan = {file, most_bytes, 0, finding};
  memset(finding, 0, sizeof *finding);
  hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
  if (root < 0) return -1;
  herr_t result = scan_object(&scan, "", root);
  if (result == 0) result = H5Lvisit(root, H5_INDEX_NAME, H5_ITER_NATIVE, scan_link, &scan);
  H5Gclose(root);
  return result < 0 ? -1 : 0;
}
