#include "gui/cli/version.hpp"

namespace sketchscope {

std::string version_text() {
  return "sketchscope " SKETCHSCOPE_VERSION;
}

}  // namespace sketchscope
