#pragma once

#include <string_view>
#include <vector>

#include "gui/view/history.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/token_text.hpp"

namespace sketchscope {

/// A token of the text, and how much of it the cache still has.
struct TokenChip {
  int position = 0;
  std::string_view text;  ///< drawable, without its leading space; of the TokenText
  bool spaced = false;    ///< a space stands before it
  bool ends_line = false;
  bool prompt = false;
  int tables_storing = 0;
  SlotStatus status = SlotStatus::unseen;  ///< the best kept of its layers: sink, recent, kept, …
};

/// The chips of positions [0, P) at the occupancy's step.
std::vector<TokenChip> token_chips(const History& history, const Occupancy& occupancy,
                                   const TokenText& text);

}  // namespace sketchscope
