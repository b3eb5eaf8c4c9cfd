#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {

std::vector<Target> window_targets() {
  return {script_target(), settings_target()};
}

}  // namespace sketchscope::fuzz
