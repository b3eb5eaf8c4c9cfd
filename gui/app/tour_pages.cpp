#include "gui/app/tour_pages.hpp"

#include <array>

namespace sketchscope {

std::span<const TourPage> tour_pages() {
  static constexpr std::array<TourPage, 6> kPages = {{
      {"A model that writes, and forgets", "text", "",
       "The model writes one token after the other. Of every token it keeps a key and a value in "
       "each layer. The line under a word says in how many layers they are still stored; a grey "
       "word has left them all.",
       "Write 40 tokens", "set max_cache_size 128\nclick restart\nwait idle\nadvance 40\n"},
      {"What each layer still holds", "occupancy", "",
       "A row is a layer, a column a position of the text. Gold are the sinks, which are never "
       "evicted, green the most recent positions, blue what earned its place. Once the cap is "
       "reached, every new token takes the slot of another: orange, in this step.",
       "Fill the cache", "advance 60\n"},
      {"Turn a knob while it runs", "knobs", "timeline",
       "Every knob acts at the next step, unless it says otherwise. With a lower cap the surplus "
       "leaves at once. The change is marked on all time axes, so that a jump in a curve has its "
       "reason beside it.",
       "Halve the cap", "set max_cache_size 64\nadvance 30\n"},
      {"Why was this one evicted?", "evictions", "why",
       "Each line is an eviction: its score as the policy saw it, the exact one, the margin to the "
       "next candidate, and how much attention it would have had since. A click on a line explains "
       "it in the panel at the lower left.",
       "Explain one", "click evictions 0.4 0.4\n"},
      {"The sketch behind the scores", "sketch", "accuracy",
       "The policy does not count exactly: it adds attention into a few rows of counters that many "
       "positions share. The narrower the rows, the more positions collide, and the further their "
       "estimates lie above the truth in the panel beside it.",
       "Make it narrow", "set sketch_width 64\nadvance 40\n"},
      {"What it costs", "next-token-kl", "",
       "A twin with the full cache is fed the same tokens. The curve is the distance between its "
       "next-token distribution and this one's: zero until the cap is reached. Two settings can "
       "be compared step by step from the same prompt.",
       "Compare with a plain window", "click compare\nwait idle\nset policy window\nadvance 100\n"},
  }};
  return kPages;
}

}  // namespace sketchscope
