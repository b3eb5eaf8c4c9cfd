#include "engine/text/pre_token_steps.hpp"

#include <memory>
#include <utility>

#include "engine/text/byte_alphabet.hpp"
#include "engine/text/text_replace.hpp"

namespace sketchscope::text {
namespace {

/// A stretch of a text between two cuts.
struct Stretch {
  std::size_t begin;
  std::size_t end;
  bool matched;
};

/// Joins the stretches of a text as `place` says, one stretch behind the newest, and hands them on.
class StretchJoiner {
 public:
  StretchJoiner(PreToken whole, MatchPlace place, bool invert, const PreTokenUse& use)
      : whole_(whole), place_(place), invert_(invert), use_(use) {}

  void add(std::size_t begin, std::size_t end, bool matched) {
    const Stretch next{begin, end, matched != invert_};
    if (place_ == MatchPlace::isolated) return give(next);
    if (place_ == MatchPlace::removed) return next.matched ? void() : give(next);
    if (has_last_ && joins(next)) {
      last_.end = next.end;
    } else {
      finish();
      last_ = next;
      has_last_ = true;
    }
    last_matched_ = next.matched;
  }

  void finish() {
    if (has_last_) give(last_);
    has_last_ = false;
  }

 private:
  [[nodiscard]] bool joins(const Stretch& next) const {
    switch (place_) {
      case MatchPlace::merged_with_previous:
        return next.matched && !last_matched_;
      case MatchPlace::merged_with_next:
        return last_matched_ && !next.matched;
      default:
        return next.matched == last_matched_;
    }
  }

  void give(const Stretch& stretch) const {
    if (stretch.begin == stretch.end) return;
    use_({whole_.text.substr(stretch.begin, stretch.end - stretch.begin),
          whole_.starts_text && stretch.begin == 0});
  }

  PreToken whole_;
  MatchPlace place_;
  bool invert_;
  const PreTokenUse& use_;
  Stretch last_{};
  bool has_last_ = false;
  bool last_matched_ = false;
};

}  // namespace

PreTokenStep split_at_pattern(TextPattern pattern, MatchPlace place, bool invert) {
  return [pattern = std::make_shared<const TextPattern>(std::move(pattern)), place, invert](
             PreToken part, const PreTokenUse& use) {
    StretchJoiner joiner(part, place, invert, use);
    std::size_t after = 0;
    pattern->for_each_match(part.text, [&](std::size_t begin, std::size_t end) {
      if (begin > after) joiner.add(after, begin, false);
      joiner.add(begin, end, true);
      after = end;
    });
    if (after < part.text.size()) joiner.add(after, part.text.size(), false);
    joiner.finish();
  };
}

PreTokenStep prefix_space_step() {
  return [](PreToken part, const PreTokenUse& use) {
    if (part.text.starts_with(' ')) return use(part);
    std::string prefixed(" ");
    prefixed += part.text;
    use({prefixed, part.starts_text});
  };
}

PreTokenStep printable_bytes_step() {
  return [](PreToken part, const PreTokenUse& use) {
    const std::string printable = printable_from_bytes(part.text);
    use({printable, part.starts_text});
  };
}

PreTokenStep metaspace_step(const MetaspaceOptions& options) {
  return [options](PreToken part, const PreTokenUse& use) {
    const bool wanted = options.prepend == PrependScheme::always ||
                        (options.prepend == PrependScheme::first && part.starts_text);
    std::string marked = replaced_text(part.text, " ", options.mark);
    if (wanted && !marked.starts_with(options.mark)) marked.insert(0, options.mark);
    const std::string_view whole = marked;
    std::size_t begin = 0;
    while (options.split) {
      const std::size_t next = whole.find(options.mark, begin + (begin < whole.size() ? 1 : 0));
      if (next == std::string_view::npos) break;
      use({whole.substr(begin, next - begin), part.starts_text && begin == 0});
      begin = next;
    }
    use({whole.substr(begin), part.starts_text && begin == 0});
  };
}

void run_steps(const std::vector<PreTokenStep>& steps, PreToken part, const PreTokenUse& use,
               std::size_t first) {
  if (first == steps.size()) return use(part);
  steps[first](part, [&](PreToken inner) { run_steps(steps, inner, use, first + 1); });
}

}  // namespace sketchscope::text
