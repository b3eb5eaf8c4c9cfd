#include <algorithm>
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
    place(context, record->step);
    scroll(context);
    const plot::Clip clip(context.canvas, context.area);
    const float pitch = line_pitch(context.theme);
    for (const PlacedChip& placed : chips_) {
      const float top = context.area.top + pitch * (static_cast<float>(placed.line) - first_line_);
      if (top + pitch < context.area.top || top > context.area.bottom) continue;
      const float left = context.area.left + placed.left;
      draw_chip(context, placed, {left, top, left + placed.width, top + pitch});
    }
    draw_scroll_thumb(context);
  }

 private:
  static float line_pitch(const plot::Theme& theme) { return theme.normal_text * 1.9F; }
  static int lines_shown(const PanelContext& context) {
    return std::max(1, static_cast<int>(context.area.height() / line_pitch(context.theme) + 0.15F));
  }

  /// Breaks the chips into lines, only if they or the width have changed.
  void place(PanelContext& context, std::int64_t step) {
    if (tokenizer_ != context.model.tokenizer.get()) {
      tokenizer_ = context.model.tokenizer.get();
      text_ = token_text(context.model);
      widths_.clear();
    }
    if (measured_text_ != context.theme.normal_text) {
      measured_text_ = context.theme.normal_text;
      widths_.clear();
      placed_width_ = 0;
    }
    view::OccupancyCache& cache = context.occupancies.of(context.history);
    const view::Occupancy& occupancy = cache.at(context.history, context.state.applied, step);
    const float width = context.area.width() - context.theme.unit();
    if (placed_revision_ == cache.revision() && placed_width_ == width) return;
    placed_revision_ = cache.revision();
    placed_width_ = width;
    tables_ = occupancy.rows;
    chips_.clear();
    const float space = context.theme.unit() * 0.35F;
    float left = 0;
    int line = 0;
    for (const view::TokenChip& chip : view::token_chips(context.history, occupancy, text_)) {
      const float own = width_of(context, chip);
      const float before = chip.spaced ? space : 0;
      if (left > 0 && left + before + own > width) {
        left = 0;
        ++line;
      }
      left += left > 0 ? before : 0;
      chips_.push_back({chip, left, own, line});
      left += own + 1;
      if (chip.ends_line) {
        left = 0;
        ++line;
      }
    }
    lines_ = chips_.empty() ? 0 : chips_.back().line + 1;
  }

  float width_of(const PanelContext& context, const view::TokenChip& chip) {
    const int token = context.history.tokens()[static_cast<std::size_t>(chip.position)];
    const auto known = widths_.find(token);
    if (known != widths_.end()) return known->second;
    const float width = context.canvas.measure(chip.text, {}).width;
    return widths_.emplace(token, width).first->second;
  }

  /// Follows the end unless the person scrolled up; scrolls to positions selected in other panels.
  void scroll(const PanelContext& context) {
    const float last = std::max(0.0F, static_cast<float>(lines_ - lines_shown(context)));
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
    if (!locked || *locked < 0 || static_cast<std::size_t>(*locked) >= chips_.size()) return;
    const auto line = static_cast<float>(chips_[static_cast<std::size_t>(*locked)].line);
    const auto shown = static_cast<float>(lines_shown(context));
    if (line >= first_line_ && line < first_line_ + shown) return;
    first_line_ = std::max(0.0F, line - 1);
    following_ = false;
  }

  void draw_chip(PanelContext& context, const PlacedChip& placed, const plot::Rect& place) {
    const plot::Theme& theme = context.theme;
    const view::TokenChip& chip = placed.chip;
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
    const plot::Color words = chip.tables_storing == 0 ? theme.faint : theme.text;
    context.canvas.text({place.left, place.top + 1}, chip.text, {.color = words});
    draw_line(context, placed, place);
    if (!hovered) return;
    selection.next_hover.position = chip.position;
    if (context.pointer.clicked) {
      const bool release = selection.locked_position == chip.position;
      selection.locked_position = release ? std::nullopt : std::optional(chip.position);
    }
    draw_token_readout(context, chip);
  }

  /// Draws the underline, or strikes out a token that its last layer let go in this step.
  void draw_line(PanelContext& context, const PlacedChip& placed, const plot::Rect& place) const {
    const plot::Theme& theme = context.theme;
    const view::TokenChip& chip = placed.chip;
    const bool gone = chip.tables_storing == 0;
    if (gone && chip.status != view::SlotStatus::evicted_now) return;
    const float share =
        gone ? 1 : static_cast<float>(chip.tables_storing) / static_cast<float>(tables_);
    const float top = place.top + theme.normal_text * (gone ? 0.75F : 1.45F);
    const float length = std::max(3.0F, placed.width * share);
    context.canvas.fill({place.left, top, place.left + length, top + 2 * theme.stroke_scale()},
                        line_color(theme, chip), 1);
  }

  static plot::Color line_color(const plot::Theme& theme, const view::TokenChip& chip) {
    const bool gone =
        chip.status == view::SlotStatus::evicted || chip.status == view::SlotStatus::unseen;
    return gone ? theme.faint : status_color(theme, chip.status);
  }

  void draw_token_readout(PanelContext& context, const view::TokenChip& chip) const {
    const int token = context.history.tokens()[static_cast<std::size_t>(chip.position)];
    std::vector<plot::ReadoutLine> lines = {
        {"position " + std::to_string(chip.position) + " " + text_.quoted(token), {}, {}},
        {"token", std::to_string(token), {}},
        {"stored in tables", std::to_string(chip.tables_storing) + " of " + std::to_string(tables_),
         line_color(context.theme, chip)}};
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
    if (lines_ <= shown) return;
    const float height = context.area.height();
    const float scale = height / static_cast<float>(lines_);
    const float top = context.area.top + first_line_ * scale;
    const float right = context.area.right;
    context.canvas.fill({right - 3, top, right, top + scale * static_cast<float>(shown)},
                        context.theme.border, 1.5F);
  }

  const text::Tokenizer* tokenizer_ = nullptr;
  view::TokenText text_;
  std::unordered_map<int, float> widths_;  // by token
  std::vector<PlacedChip> chips_;
  std::uint64_t placed_revision_ = 0;
  float placed_width_ = 0;
  float measured_text_ = 0;  ///< the height that widths_ are of
  int tables_ = 0;
  int lines_ = 0;
  float first_line_ = 0;
  bool following_ = true;
  std::optional<int> shown_position_;
};

}  // namespace

std::unique_ptr<Panel> make_text_panel() {
  return std::make_unique<TextPanel>();
}

}  // namespace sketchscope::panels
