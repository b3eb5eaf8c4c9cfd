#include "cli/named_files.hpp"

#include <system_error>

#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

namespace fs = std::filesystem;

/// Returns whether a path names a file, or one that is not there yet.
bool is_place_of_a_file(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return !path.empty() && path != "-" && (fs::is_regular_file(status) || !fs::exists(status));
}

bool is_same_file(const fs::path& one, const fs::path& other) {
  std::error_code ignored;
  if (fs::equivalent(one, other, ignored)) return true;
  const fs::path whole = fs::weakly_canonical(one, ignored);
  return !whole.empty() && whole == fs::weakly_canonical(other, ignored);
}

}  // namespace

void require_separate(std::span<const NamedFile> files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].written || !is_place_of_a_file(*files[i].path)) continue;
    for (std::size_t j = 0; j < files.size(); ++j) {
      if (i == j || files[j].path->empty()) continue;
      if (!is_same_file(*files[i].path, *files[j].path)) continue;
      throw core::UsageError(
          {.what = files[i].flag,
           .found = files[i].path->string() + ", which " + files[j].flag + " names too",
           .expected = "a file of its own, since it is written anew"});
    }
  }
}

}  // namespace sketchscope::cli
