#include "engine/core/pending_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <system_error>

#include "engine/core/error.hpp"

namespace sketchscope::core {
namespace {

constexpr mode_t kMode = 0666;  // less what the user's mask takes away

/// Resolves symbolic links, so that writing through a link replaces its target and not the link.
std::filesystem::path link_target(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto target = std::filesystem::weakly_canonical(path, ignored);
  return target.empty() ? path : target;
}

bool exists_as_no_regular_file(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

std::filesystem::path hidden_name(const std::filesystem::path& path) {
  return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(getpid()));
}

std::string name_of_descriptor(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

/// Opens a file without a name in this folder. Returns −1 where the file system or a missing /proc,
/// which names it later, does not allow that.
int open_unnamed(const std::filesystem::path& folder) {
  const std::string place = folder.empty() ? "." : folder.string();
  const int descriptor = ::open(place.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kMode);
  if (descriptor < 0) return -1;
  if (::access(name_of_descriptor(descriptor).c_str(), F_OK) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

int open_named(const std::filesystem::path& path) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode);
}

[[noreturn]] void refuse_writing(const std::filesystem::path& path, int error) {
  throw Error({.what = "cannot write " + path.string(),
               .found = std::strerror(error),
               .expected = "an existing, writable folder with space left",
               .remedy = "Make the folder, free some space, or name another file."});
}

/// Gives the open file a name that must be free. Returns 0 or the value of errno.
int link_descriptor(int descriptor, const std::filesystem::path& path) {
  const std::string from = name_of_descriptor(descriptor);
  const int result = ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW);
  return result == 0 ? 0 : errno;
}

}  // namespace

PendingFile::PendingFile(const std::filesystem::path& path) : path_(link_target(path)) {
  if (std::error_code ignored; std::filesystem::is_directory(path_, ignored)) {
    throw Error(
        {.what = "cannot write " + path_.string(), .found = "a folder", .expected = "a file name"});
  }
  open();
  if (descriptor_ < 0) refuse_writing(path_, errno);
  buffer_ = std::make_unique<DescriptorBuffer>(descriptor_);
  stream_.rdbuf(buffer_.get());
}

PendingFile::~PendingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!part_.empty()) ::unlink(part_.c_str());
}

void PendingFile::open() {
  if (exists_as_no_regular_file(path_)) {
    descriptor_ = open_named(path_);
    return;
  }
  way_ = Way::unnamed;
  descriptor_ = open_unnamed(path_.parent_path());
  if (descriptor_ >= 0) return;
  way_ = Way::under_another_name;
  descriptor_ = open_named(hidden_name(path_));
  if (descriptor_ >= 0) part_ = hidden_name(path_);
}

void PendingFile::commit() {
  int error = buffer_->flush();
  if (error == 0) error = give_name();
  // Some file systems report only here that the disk is full.
  if (::close(descriptor_) != 0 && error == 0) error = errno;
  descriptor_ = -1;
  if (error == 0 && !part_.empty()) {
    if (std::rename(part_.c_str(), path_.c_str()) == 0) {
      part_.clear();
    } else {
      error = errno;
    }
  }
  if (error != 0) refuse_writing(path_, error);
}

/// Gives a file without a name its own or, where that is taken, a temporary one. Returns 0 or the
/// value of errno.
int PendingFile::give_name() {
  if (way_ != Way::unnamed) return 0;
  int error = link_descriptor(descriptor_, path_);
  if (error != EEXIST) return error;
  const std::filesystem::path part = hidden_name(path_);
  ::unlink(part.c_str());
  error = link_descriptor(descriptor_, part);
  if (error == 0) part_ = part;
  return error;
}

}  // namespace sketchscope::core
