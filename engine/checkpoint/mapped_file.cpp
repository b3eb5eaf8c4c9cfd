#include "engine/checkpoint/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

struct Descriptor {
  explicit Descriptor(const std::filesystem::path& file)
      // Without O_NONBLOCK a named pipe would be waited for until somebody writes into it.
      : number(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (number >= 0) {
      ::close(number);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& found) {
  throw core::Error({.what = "cannot read " + file.string(),
                     .found = found,
                     .expected = "a readable file with weights",
                     .remedy = "fetch the file again or check its permissions"});
}

std::string last_system_error() {
  return std::generic_category().message(errno);
}

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& file) {
  const Descriptor descriptor(file);
  struct stat status {};
  if (descriptor.number < 0 || ::fstat(descriptor.number, &status) != 0) {
    refuse(file, last_system_error());
  }
  if (!S_ISREG(status.st_mode)) {
    refuse(file, "not a regular file");
  }
  if (status.st_size == 0) {
    refuse(file, "an empty file");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.number, 0);
  if (start == MAP_FAILED) {
    refuse(file, last_system_error());
  }
  ::madvise(start, size, MADV_WILLNEED);
  return std::shared_ptr<const MappedFile>(
      new MappedFile({static_cast<const std::byte*>(start), size}));
}

MappedFile::~MappedFile() {
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace sketchscope::checkpoint
