#include "tests/support/data_folder.hpp"

#include <cstdlib>

namespace sketchscope::support {

std::filesystem::path data_folder() {
  if (const char* const named = std::getenv("SKETCHSCOPE_DATA")) {
    return named;
  }
  const std::filesystem::path source = SKETCHSCOPE_SOURCE_DIR;
  const std::filesystem::path inside = source / "shared" / "data";
  return std::filesystem::exists(inside) ? inside : source.parent_path() / "shared" / "data";
}

}  // namespace sketchscope::support
