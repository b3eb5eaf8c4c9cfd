#include "gui/view/token_ribbon.hpp"

namespace sketchscope {
namespace {

/// Returns a rank of statuses, from evicted to best kept.
int standing(SlotStatus status) {
  switch (status) {
    case SlotStatus::sink:
      return 5;
    case SlotStatus::recent:
      return 4;
    case SlotStatus::kept:
      return 3;
    case SlotStatus::evicted_now:
      return 2;
    case SlotStatus::evicted:
      return 1;
    case SlotStatus::unseen:
      return 0;
  }
  return 0;
}

SlotStatus best_status(const Occupancy& occupancy, int position) {
  SlotStatus best = SlotStatus::unseen;
  for (int row = 0; row < occupancy.rows; ++row) {
    const SlotStatus status = occupancy.at(row, position);
    if (standing(status) > standing(best)) best = status;
  }
  return best;
}

}  // namespace

std::vector<TokenChip> token_chips(const History& history, const Occupancy& occupancy,
                                   const TokenText& text) {
  std::vector<TokenChip> chips;
  chips.reserve(static_cast<std::size_t>(occupancy.positions));
  for (int position = 0; position < occupancy.positions; ++position) {
    TokenChip chip;
    chip.position = position;
    chip.text = text.of(history.tokens()[static_cast<std::size_t>(position)]);
    chip.spaced = chip.text.size() > 1 && chip.text.front() == ' ';
    if (chip.spaced) chip.text.remove_prefix(1);
    if (!text.knows_words()) chip.spaced = true;
    chip.ends_line = chip.text.ends_with("⏎");
    chip.prompt = position < history.prompt_length();
    chip.tables_storing = tables_storing(occupancy, position);
    chip.status = best_status(occupancy, position);
    chips.push_back(chip);
  }
  return chips;
}

}  // namespace sketchscope
