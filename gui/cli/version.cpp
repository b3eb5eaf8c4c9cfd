#include "gui/cli/version.hpp"

#include "engine/core/device.hpp"

namespace sketchscope {

std::string version_text() {
  return "sketchscope " SKETCHSCOPE_VERSION "\n" + cuda_text();
}

}  // namespace sketchscope
