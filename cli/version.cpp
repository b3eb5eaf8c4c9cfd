#include "cli/version.hpp"

#include "engine/core/device.hpp"
#include "engine/core/version.hpp"

namespace sketchscope {

std::string version_text() {
  return "sketchscope " + std::string(program_version()) + "\n" + cuda_text();
}

}  // namespace sketchscope
