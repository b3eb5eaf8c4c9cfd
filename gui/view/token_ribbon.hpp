#pragma once

#include <string_view>
#include <vector>

#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope {

/// A token of the text and the number of tables that still store it.
struct TokenChip {
  int position = 0;
  std::string_view text;  ///< drawable text without its leading space; owned by TokenText
  bool spaced = false;    ///< a space precedes it
  bool ends_line = false;
  bool prompt = false;
  int tables_storing = 0;
  SlotStatus status = SlotStatus::unseen;  ///< the best status over its tables
};

/// The chips of positions [0, P) at the occupancy's step.
std::vector<TokenChip> token_chips(const History& history, const Occupancy& occupancy,
                                   const TokenText& text);

}  // namespace sketchscope
