#pragma once

#include "cli/flags.hpp"
#include "gui/app/view.hpp"

namespace sketchscope::cli {

/// The flags of what a figure looks at: step, position, eviction, layer, head, range of steps and
/// of positions, lines of the table of evictions.
class FigureLookOptions {
 public:
  void declare(Flags& flags);

  [[nodiscard]] const app::LookedAt& look() const { return look_; }

 private:
  app::LookedAt look_;
};

}  // namespace sketchscope::cli
