#include "CLineupHDF5.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void) {
  H5dont_atexit();
  // A file from elsewhere may name filters and other files. Neither code nor files are ever loaded for it.
  H5PLset_loading_state(0);
  H5Lunregister(H5L_TYPE_EXTERNAL);
}

void chdf5_prepare(void) {
  pthread_once(&once, set_up);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

struct collected {
  char *text;
  size_t capacity;
  int system_error;
};

// Called from the root cause upwards: the first description is the most telling one, the number may sit in any.
static herr_t collect(unsigned depth, const H5E_error2_t *error, void *context) {
  struct collected *into = context;
  const char *description = error->desc ? error->desc : "";
  (void)depth;
  if (into->text[0] == 0 && description[0] != 0) {
    snprintf(into->text, into->capacity, "%s", description);
  }
  const char *number = strstr(description, "errno = ");
  if (number && into->system_error == 0) into->system_error = atoi(number + strlen("errno = "));
  return 0;
}

int chdf5_last_error(char *text, size_t capacity) {
  struct collected into = {text, capacity, 0};
  text[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &into);
  return into.system_error;
}

static herr_t count_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context) {
  (void)object, (void)name, (void)info;
  *(int64_t *)context += 1;
  return 0;
}

int64_t chdf5_attribute_count(hid_t object) {
  int64_t count = 0;
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, count_attribute, &count) < 0) return -1;
  return count;
}

int chdf5_link_kind_of(hid_t group, const char *name) {
  H5L_info_t info;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
  if (info.type == H5L_TYPE_SOFT) return CHDF5_LINK_SOFT;
  if (info.type != H5L_TYPE_HARD) return CHDF5_LINK_OTHER;
  hid_t object = H5Oopen(group, name, H5P_DEFAULT);
  if (object < 0) return -1;
  H5I_type_t type = H5Iget_type(object);
  H5Oclose(object);
  if (type == H5I_GROUP) return CHDF5_LINK_GROUP;
  return type == H5I_DATASET ? CHDF5_LINK_DATASET : CHDF5_LINK_OTHER;
}

int64_t chdf5_link_name(hid_t group, hsize_t index, char *name, size_t capacity) {
  unsigned order = 0;
  hid_t properties = H5Gget_create_plist(group);
  if (properties < 0) return -1;
  herr_t known = H5Pget_link_creation_order(properties, &order);
  H5Pclose(properties);
  H5_index_t by = known >= 0 && (order & H5P_CRT_ORDER_INDEXED) ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
  return H5Lget_name_by_idx(group, ".", by, H5_ITER_INC, index, name, capacity, H5P_DEFAULT);
}

hid_t chdf5_file_access(void) {
  hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  if (list < 0) return list;
  if (H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0
      || H5Pset_fclose_degree(list, H5F_CLOSE_STRONG) < 0) {
    H5Pclose(list);
    return -1;
  }
  return list;
}

hid_t chdf5_group_creation(void) {
  hid_t list = H5Pcreate(H5P_GROUP_CREATE);
  if (list < 0) return list;
  H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(list, 0);
  return list;
}

hid_t chdf5_link_creation(void) {
  hid_t list = H5Pcreate(H5P_LINK_CREATE);
  if (list < 0) return list;
  H5Pset_create_intermediate_group(list, 1);
  H5Pset_char_encoding(list, H5T_CSET_UTF8);
  return list;
}

hid_t chdf5_string_type(size_t length) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0) return type;
  if (H5Tset_size(type, length) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0
      || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
    H5Tclose(type);
    return -1;
  }
  return type;
}

herr_t chdf5_select_rows(hid_t space, int rank, const hsize_t *shape, hsize_t first, hsize_t rows) {
  hsize_t start[H5S_MAX_RANK] = {0}, count[H5S_MAX_RANK];
  if (rank < 1 || rank > H5S_MAX_RANK) return -1;
  for (int axis = 0; axis < rank; axis++) count[axis] = shape[axis];
  start[0] = first;
  count[0] = rows;
  return H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL);
}
