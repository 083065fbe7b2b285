// OpenBLAS takes memory for each of its threads while it is loaded, and where the system gives none it asks again for ever.
// So the program looks first, before any library begins: is there room for that? Not even the C library is ready here,
// so nothing is called that allocates or has state.
#define _GNU_SOURCE
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// What OpenBLAS 0.3.21 takes for a thread, with its stack.
static const size_t bytes_of_thread = (size_t)(128 + 8) << 20;
static const int most_threads = 128;

static int count_threads(char **environment) {
  static const char *const names[] = {"OPENBLAS_NUM_THREADS=", "GOTO_NUM_THREADS=", "OMP_NUM_THREADS="};
  for (size_t name = 0; name < sizeof names / sizeof *names; ++name)
    for (char **variable = environment; *variable; ++variable)
      if (strncmp(*variable, names[name], strlen(names[name])) == 0) {
        int count = 0;
        for (const char *digit = *variable + strlen(names[name]); *digit >= '0' && *digit <= '9' && count < 1000; ++digit)
          count = 10 * count + (*digit - '0');
        if (count > 0) return count < most_threads ? count : most_threads;
      }
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  int count = CPU_COUNT(&cores);
  return count < most_threads ? count : most_threads;
}

static void say(const char *text) {
  ssize_t written = write(2, text, strlen(text));
  (void)written;
}

static void look_for_memory(int count, char **arguments, char **environment) {
  (void)count;
  (void)arguments;
  size_t bytes = count_threads(environment) * bytes_of_thread;
  void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room != MAP_FAILED) {
    munmap(room, bytes);
    return;
  }
  char digits[24];
  char *digit = digits + sizeof digits;
  *--digit = 0;
  for (size_t size = bytes >> 20; size; size /= 10) *--digit = (char)('0' + size % 10);
  say("Interrupted: out of memory: ");
  say(digit);
  say(" MiB more of address space are needed to begin. Allow more (ulimit -v), or set OPENBLAS_NUM_THREADS=1 to need less.\n");
  _exit(75);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(int, char **, char **) =
    look_for_memory;
