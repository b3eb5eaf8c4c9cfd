#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/view/evictions.hpp"
#include "gui/view/sketch_map.hpp"

namespace sketchscope::panels {

/// A question about an eviction with its answer.
struct EvictionAnswer {
  std::string_view question;
  std::string words;
};

/// Returns which eviction it is: "step 88 · layer 3 · position 17 “ brass”".
std::string eviction_words(const PanelContext& context, view::EvictionPlace place);

/// What is known of why a position left, and what that cost.
class EvictionAnswers {
 public:
  /// Returns the answers; for print, where no title says it, also which eviction they are about.
  std::vector<EvictionAnswer> of(const PanelContext& context, view::EvictionPlace place,
                                 const record::EvictionRecord& eviction);

 private:
  /// Describes the positions that share the counter of the estimate.
  std::string inflation(const PanelContext& context, view::EvictionPlace place,
                        const record::EvictionRecord& eviction, const settings::Knobs& knobs);

  std::optional<view::SketchCells> cells_;
};

}  // namespace sketchscope::panels
