#include <algorithm>
#include <span>
#include <unordered_map>
#include <vector>

#include "gui/panels/panel.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/panels/position_raster.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/panel_data.hpp"

namespace sketchscope::panels {
namespace {

/// A chip and its place relative to the top left of the text.
struct PlacedChip {
  view::TokenChip chip;
  float left = 0;
  float width = 0;
  int line = 0;
};

/// How many of the tables hold a chip's position.
struct HeldChip {
  view::Holding holding;
  int of = 0;
};

/// The text as token chips; an underline shows the number of layers that store each.
class TextPanel final : public Panel {
 public:
  std::string_view name() const override { return "text"; }
  std::string_view title() const override { return "Text"; }
  std::string_view help() const override {
    return "The prompt and what was generated. The underline is as long as the share of layers "
           "that still store the token. One that no layer stores is dim and has none, and is "
           "struck out in the step in which the last one let it go. A click locks its position in "
           "all panels.";
  }
  std::string subtitle(const PanelContext&) const override {
    return "underline: in how many layers the token is still stored";
  }
  std::string readout(const PanelContext& context) const override {
    const record::StepRecord* record = context.shown();
    if (!record) return std::string(plot::kAbsent);
    return "position " + plot::count_text(context.selection.position().value_or(record->position));
  }

  RowsOf rows_of() const override { return RowsOf::step; }
  view::DataTable data(const PanelContext& context) const override {
    return view::text_data(context.history, shown_occupancy(context), token_text(context.model));
  }

  void draw(PanelContext& context) override {
    const record::StepRecord* record = context.shown();
    if (!record) {
      return draw_not_there(context, "No text yet", "Press play, or edit the prompt and restart");
    }
    const view::Occupancy& occupancy =
        context.occupancies.of(context.history)
            .at(context.history, context.state.applied, record->step);
    place(context, occupancy.positions);
    scroll(context);
    const plot::Clip clip(context.canvas, context.area);
    const float pitch = line_pitch(context.theme);
    const auto top_of = [&](int line) {
      return context.area.top + pitch * (static_cast<float>(line) - first_line_);
    };
    const std::span<const PlacedChip> shown = shown_chips();
    const auto first = std::ranges::partition_point(shown, [&](const PlacedChip& placed) {
      return top_of(placed.line) + pitch < context.area.top;
    });
    for (auto placed = first; placed != shown.end(); ++placed) {
      const float top = top_of(placed->line);
      if (top > context.area.bottom) break;
      const float left = context.area.left + placed->left;
      draw_chip(context, *placed, occupancy, {left, top, left + placed->width, top + pitch});
    }
    draw_scroll_thumb(context);
  }

 private:
  /// The values that decide where each chip stands: with others all are placed anew.
  struct Placing {
    std::uint64_t generation = 0;  ///< of the history
    const text::Tokenizer* tokenizer = nullptr;
    float letters = 0;  ///< height
    float width = 0;

    friend bool operator==(const Placing&, const Placing&) = default;
  };
  struct Place {
    float left = 0;
    int line = 0;
  };

  static float line_pitch(const plot::Theme& theme) { return theme.normal_text * 1.9F; }
  static int lines_shown(const PanelContext& context) {
    return std::max(1, static_cast<int>(context.area.height() / line_pitch(context.theme) + 0.15F));
  }

  /// Breaks the chips of the first `positions` positions into lines. Those that were placed stay as
  /// long as the text and the width do.
  void place(PanelContext& context, int positions) {
    if (tokenizer_ != context.model.tokenizer.get()) {
      tokenizer_ = context.model.tokenizer.get();
      text_ = token_text(context.model);
      widths_.clear();
    }
    if (measured_text_ != context.theme.normal_text) {
      measured_text_ = context.theme.normal_text;
      widths_.clear();
    }
    const Placing placing{.generation = context.history.generation(),
                          .tokenizer = tokenizer_,
                          .letters = context.theme.normal_text,
                          .width = context.area.width() - context.theme.unit()};
    if (placing_ != placing) {
      placing_ = placing;
      chips_.clear();
      next_ = {};
    }
    while (std::ssize(chips_) < positions) place_next(context);
    shown_ = static_cast<std::size_t>(positions);
  }

  /// Places the chip after the last one, on a line of its own if it does not fit beside it.
  void place_next(const PanelContext& context) {
    const view::TokenChip chip =
        view::token_chip(context.history, text_, static_cast<int>(chips_.size()));
    const float own = width_of(context, chip);
    const float before = chip.spaced ? context.theme.unit() * 0.35F : 0;
    if (next_.left > 0 && next_.left + before + own > placing_.width) next_ = {0, next_.line + 1};
    if (next_.left > 0) next_.left += before;
    chips_.push_back({chip, next_.left, own, next_.line});
    next_.left += own + 1;
    if (chip.ends_line) next_ = {0, next_.line + 1};
  }

  [[nodiscard]] std::span<const PlacedChip> shown_chips() const {
    return std::span(chips_).first(shown_);
  }
  [[nodiscard]] int lines() const { return shown_ == 0 ? 0 : chips_[shown_ - 1].line + 1; }

  float width_of(const PanelContext& context, const view::TokenChip& chip) {
    const int token = context.history.tokens()[static_cast<std::size_t>(chip.position)];
    const auto known = widths_.find(token);
    if (known != widths_.end()) return known->second;
    const float width = context.canvas.measure(chip.text, {}).width;
    return widths_.emplace(token, width).first->second;
  }

  /// Follows the end unless the person scrolled up; scrolls to positions selected in other panels.
  void scroll(const PanelContext& context) {
    const float last = std::max(0.0F, static_cast<float>(lines() - lines_shown(context)));
    if (context.pointer.at && context.pointer.wheel != 0) {
      first_line_ = std::clamp(first_line_ - context.pointer.wheel, 0.0F, last);
      following_ = first_line_ >= last;
    }
    show_locked(context);
    first_line_ = following_ ? last : std::min(first_line_, last);
  }

  /// Scrolls to a position that was locked in another panel.
  void show_locked(const PanelContext& context) {
    const auto locked = context.selection.locked_position;
    if (locked == shown_position_) return;
    shown_position_ = locked;
    if (!locked || *locked < 0 || static_cast<std::size_t>(*locked) >= shown_) return;
    const auto line = static_cast<float>(chips_[static_cast<std::size_t>(*locked)].line);
    const auto shown = static_cast<float>(lines_shown(context));
    if (line >= first_line_ && line < first_line_ + shown) return;
    first_line_ = std::max(0.0F, line - 1);
    following_ = false;
  }

  void draw_chip(PanelContext& context, const PlacedChip& placed, const view::Occupancy& occupancy,
                 const plot::Rect& place) {
    const plot::Theme& theme = context.theme;
    const view::TokenChip& chip = placed.chip;
    const HeldChip held{view::holding_of(occupancy, chip.position), occupancy.rows};
    widgets::Selection& selection = context.selection;
    const plot::Rect box{place.left - 2, place.top, place.right + 2,
                         place.top + theme.normal_text * 1.75F};
    const bool hovered = context.pointer.at && context.area.contains(*context.pointer.at) &&
                         box.contains(*context.pointer.at);
    if (selection.locked_position == chip.position || selection.position() == chip.position) {
      context.canvas.fill(box, theme.accent.with_alpha(0.22), 3);
      context.canvas.rect(box, {theme.accent}, 3);
    }
    if (std::ranges::find(selection.hover.sharing, chip.position) !=
        selection.hover.sharing.end()) {
      context.canvas.rect(box, {theme.text}, 3);
    }
    const plot::Color words = held.holding.tables == 0 ? theme.faint : theme.text;
    context.canvas.text({place.left, place.top + 1}, chip.text, {.color = words});
    draw_line(context, held, place);
    if (!hovered) return;
    selection.next_hover.position = chip.position;
    if (context.pointer.clicked) {
      const bool release = selection.locked_position == chip.position;
      selection.locked_position = release ? std::nullopt : std::optional(chip.position);
    }
    draw_token_readout(context, chip, held);
  }

  /// Draws the underline, or strikes out a token that its last layer let go in this step.
  static void draw_line(PanelContext& context, const HeldChip& held, const plot::Rect& place) {
    const plot::Theme& theme = context.theme;
    const bool gone = held.holding.tables == 0;
    if (gone && held.holding.best != view::SlotStatus::evicted_now) return;
    const float share =
        gone ? 1 : static_cast<float>(held.holding.tables) / static_cast<float>(held.of);
    const float top = place.top + theme.normal_text * (gone ? 0.75F : 1.45F);
    const float length = std::max(3.0F, place.width() * share);
    context.canvas.fill({place.left, top, place.left + length, top + 2 * theme.stroke_scale()},
                        line_color(theme, held.holding.best), 1);
  }

  static plot::Color line_color(const plot::Theme& theme, view::SlotStatus status) {
    const bool gone = status == view::SlotStatus::evicted || status == view::SlotStatus::unseen;
    return gone ? theme.faint : status_color(theme, status);
  }

  void draw_token_readout(PanelContext& context, const view::TokenChip& chip,
                          const HeldChip& held) const {
    const int token = context.history.tokens()[static_cast<std::size_t>(chip.position)];
    std::vector<plot::ReadoutLine> lines = {
        {"position " + std::to_string(chip.position) + " " + text_.quoted(token), {}, {}},
        {"token", std::to_string(token), {}},
        {"stored in tables", std::to_string(held.holding.tables) + " of " + std::to_string(held.of),
         line_color(context.theme, held.holding.best)}};
    if (chip.prompt) lines.push_back({"of the prompt", {}, {}});
    const record::StepRecord* fed = context.history.at(context.history.fed_at(chip.position));
    if (!chip.prompt && fed && fed->token_probability) {
      lines.push_back({"probability", plot::format_probability(*fed->token_probability), {}});
      if (fed->twin_token_probability) {
        lines.push_back(
            {"under the twin", plot::format_probability(*fed->twin_token_probability), {}});
      }
    }
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {0, 0, context.area.right, 1e6F}, lines);
  }

  void draw_scroll_thumb(PanelContext& context) const {
    const int shown = lines_shown(context);
    if (lines() <= shown) return;
    const float height = context.area.height();
    const float scale = height / static_cast<float>(lines());
    const float top = context.area.top + first_line_ * scale;
    const float right = context.area.right;
    context.canvas.fill({right - 3, top, right, top + scale * static_cast<float>(shown)},
                        context.theme.border, 1.5F);
  }

  const text::Tokenizer* tokenizer_ = nullptr;
  view::TokenText text_;
  std::unordered_map<int, float> widths_;  // by token
  float measured_text_ = 0;                ///< the height that widths_ are of
  Placing placing_;
  std::vector<PlacedChip> chips_;
  Place next_;             ///< of the chip after the last one
  std::size_t shown_ = 0;  ///< number of chips up to the step shown
  float first_line_ = 0;
  bool following_ = true;
  std::optional<int> shown_position_;
};

}  // namespace

std::unique_ptr<Panel> make_text_panel() {
  return std::make_unique<TextPanel>();
}

}  // namespace sketchscope::panels
