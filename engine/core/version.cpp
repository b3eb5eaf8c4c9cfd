#include "engine/core/version.hpp"

namespace sketchscope {

std::string_view program_version() {
  return SKETCHSCOPE_VERSION;
}

}  // namespace sketchscope
