// For a build without the window.
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {

std::vector<Target> window_targets() {
  return {};
}

}  // namespace sketchscope::fuzz
