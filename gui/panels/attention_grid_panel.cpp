#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/panels/attention_picture.hpp"
#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/plot/raster.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/attention_grid.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/view/reduced_attention.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::array<std::string_view, 3> kSideNames = {"this cache", "full cache", "difference"};

/// All heads of all layers as small query × key pictures, and the chosen one enlarged.
class AttentionGridPanel final : public Panel {
 public:
  std::string_view name() const override { return "attention-grid"; }
  std::string_view title() const override { return "Attention grid"; }
  std::string_view help() const override {
    return "Attention of the latest tokens, query × key: small, every head (columns) of every "
           "layer "
           "(rows); large, the chosen one. Hatched keys have left its table, gold ticks are sinks. "
           "A click on a small picture chooses the head, one on a column locks the position; the "
           "words above choose this cache, the full cache, or their difference.";
  }
  std::string subtitle(const PanelContext& context) const override {
    return "layer " + std::to_string(context.selection.layer) + " " +
           view::query_head_text(context.model.config, shown_head(context)) +
           " · query × key, log scale";
  }
  std::string readout(const PanelContext& context) const override {
    const auto rows = view::rows_up_to(context.state.attention, context.shown_step());
    if (rows.empty()) return {};
    return plot::count_text(std::ssize(rows)) + " queries, to step " +
           plot::count_text(rows.back()->step);
  }

  view::DataTable data(const PanelContext& context) const override {
    const auto rows = view::rows_up_to(context.state.attention, context.shown_step());
    if (rows.empty()) return {};
    return view::attention_matrix_data(rows, context.selection.layer, shown_head(context));
  }

  void draw(PanelContext& context) override {
    const auto rows = view::rows_up_to(context.state.attention, context.shown_step());
    if (rows.empty()) {
      return draw_not_there(context, "No attention of these steps",
                            "Press play: the latest steps are kept, not those of a file");
    }
    const float top = draw_sides(context);
    rows_ = view::rows_with(rows, side_);
    const plot::Theme& theme = context.theme;
    if (!colors_ || !colors_->are_of(theme, side_)) {
      colors_.emplace(theme, side_);
      small_pictures_ = {};
      large_pictures_ = {};
    }
    const plot::Rect area{context.area.left, top, context.area.right, context.area.bottom};
    // The large picture takes the right half, or nothing where there is no room.
    const bool both = area.width() > 40 * theme.unit();
    const float split = both ? area.left + area.width() * 0.48F : area.right;
    draw_grid(context, {area.left, area.top, split, area.bottom});
    if (both) {
      draw_large(context, {split + theme.unit() * 1.2F, area.top, area.right, area.bottom});
    }
  }

 private:
  /// The least width and height of a small picture, and of one with a gap to the next, in pixels.
  static constexpr float kLeastPicture = 1;
  static constexpr float kLeastWithGap = 6;

  /// Pictures as they were drawn last.
  struct Pictures {
    AttentionPictures drawn = {};
    std::uint64_t revision = 0;  ///< of the attention
  };

  static int shown_head(const PanelContext& context) {
    return std::clamp(context.selection.head, 0, std::max(context.model.config.heads - 1, 0));
  }

  /// Draws the names of the sides, which choose by a click. Returns the lower end.
  float draw_sides(PanelContext& context) {
    const plot::Theme& theme = context.theme;
    float left = context.area.left;
    for (std::size_t side = 0; side < kSideNames.size(); ++side) {
      const bool chosen = side == static_cast<std::size_t>(side_);
      const plot::TextStyle style{.color = chosen ? theme.accent : theme.quiet,
                                  .size = plot::TextSize::small};
      const plot::Size size = context.canvas.measure(kSideNames[side], style);
      const plot::Rect place{left, context.area.top, left + size.width,
                             context.area.top + theme.small_text * 1.4F};
      if (place.right > context.area.right) break;
      context.canvas.text({left, place.top}, kSideNames[side], style);
      context.items.note("attention-grid/" + std::string(kSideNames[side]), place);
      const bool pointed = context.pointer.at && place.contains(*context.pointer.at);
      if (pointed && context.pointer.clicked) side_ = static_cast<view::AttentionSide>(side);
      left = place.right + theme.unit() * 1.2F;
    }
    return context.area.top + theme.small_text * 1.8F;
  }

  void draw_grid(PanelContext& context, const plot::Rect& area) {
    if (rows_.empty()) return;
    const plot::Theme& theme = context.theme;
    const int layers = rows_.back()->layers;
    const int heads = rows_.back()->heads;
    const float left = area.left + theme.small_text * 2.2F;
    const float top = area.top + theme.small_text * 1.5F;
    const float width = (area.right - left) / static_cast<float>(heads);
    const float height = (area.bottom - top) / static_cast<float>(layers);
    if (std::min(width, height) < kLeastPicture) {
      return draw_no_room(context, area, layers, heads);
    }
    // Gaps would hide what is little higher than they are.
    const float gap = std::min(width, height) < kLeastWithGap ? 0.0F : 2.0F;
    small_.show(rows_, side_, {0, layers * heads},
                {static_cast<int>(width - gap), static_cast<int>(height - gap)});
    redraw(small_pictures_, small_, heads);
    plot::TextStyle number = small_style(theme, plot::Align::center);
    const bool wide = width > theme.small_text * 1.6F;
    for (int head = 0; head < heads && wide; ++head) {
      context.canvas.text({left + (static_cast<float>(head) + 0.5F) * width, area.top},
                          "H" + std::to_string(head), number);
    }
    std::vector<plot::ImagePart> parts;
    for (int layer = 0; layer < layers; ++layer) {
      const float row = top + static_cast<float>(layer) * height;
      if (height > theme.small_text * 1.2F) {
        context.canvas.text({area.left, row + height / 2}, "L" + std::to_string(layer),
                            in_middle(small_style(theme)));
      }
      for (int head = 0; head < heads; ++head) {
        const float column = left + static_cast<float>(head) * width;
        const plot::Rect rect{column, row, column + width - gap, row + height - gap};
        parts.push_back(placed(small_pictures_, small_, layer * heads + head, rect));
      }
    }
    context.canvas.image_parts("attention grid", small_pictures_.drawn.sheet(), parts);
    for (int index = 0; index < layers * heads; ++index) {
      choose(context, index / heads, index % heads, parts[static_cast<std::size_t>(index)].clip);
    }
  }

  static void draw_no_room(PanelContext& context, const plot::Rect& area, int layers, int heads) {
    plot::TextStyle style = small_style(context.theme, plot::Align::center);
    style.vertical = plot::VerticalAlign::middle;
    const std::string words = "No room for " + std::to_string(layers) + " × " +
                              std::to_string(heads) + " pictures: enlarge the panel";
    context.canvas.text(area.center(), fitted_text(context.canvas, words, style, area.width()),
                        style);
  }

  /// Outlines the chosen head's small picture, and chooses one by a click on it.
  static void choose(PanelContext& context, int layer, int head, const plot::Rect& rect) {
    const bool chosen = layer == context.selection.layer && head == shown_head(context);
    if (chosen) context.canvas.rect(rect, {context.theme.accent, 1.5F});
    if (!context.pointer.at || !rect.contains(*context.pointer.at)) return;
    context.canvas.rect(rect, {context.theme.text});
    if (!context.pointer.clicked) return;
    context.selection.layer = layer;
    context.selection.head = head;
  }

  void redraw(Pictures& pictures, const view::ReducedAttention& attention, int across) const {
    if (pictures.revision == attention.revision()) return;
    pictures.drawn.show(attention, across, *colors_);
    pictures.revision = attention.revision();
  }

  /// Returns a head's picture, to be drawn into `rect`. Its last column may stand for positions
  /// that are not there yet, and its last row for queries: these are cut off.
  [[nodiscard]] plot::ImagePart placed(const Pictures& pictures,
                                       const view::ReducedAttention& attention, int head,
                                       const plot::Rect& rect) const {
    const float wide = static_cast<float>(attention.columns() * attention.positions_per_column()) /
                       static_cast<float>(rows_.back()->positions);
    const int rows = attention.blocks() * attention.queries_per_block();
    const float high = static_cast<float>(rows) / static_cast<float>(rows - attention.lacking());
    plot::ImagePart part = pictures.drawn.part(head);
    part.place = {rect.left, rect.top, rect.left + rect.width() * wide,
                  rect.top + rect.height() * high};
    part.clip = rect;
    return part;
  }

  void draw_large(PanelContext& context, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    if (rows_.empty()) {
      context.canvas.text(area.center(), "The twin is off: there is no full cache to see",
                          {.color = theme.quiet,
                           .align = plot::Align::center,
                           .vertical = plot::VerticalAlign::middle});
      return;
    }
    const plot::Rect rect{area.left + theme.small_text * 3.4F, area.top + theme.small_text * 0.6F,
                          area.right, area.bottom - theme.small_text * 1.7F};
    const int layer = context.selection.layer;
    const bool has_layer = layer >= 0 && layer < rows_.back()->layers;
    if (rect.width() < 8 || rect.height() < 8 || !has_layer) return;
    const int head = std::min(shown_head(context), rows_.back()->heads - 1);
    large_.show(rows_, side_, {layer * rows_.back()->heads + head, 1},
                {static_cast<int>(rect.width()), static_cast<int>(rect.height())});
    redraw(large_pictures_, large_, 1);
    const plot::ImagePart part = placed(large_pictures_, large_, 0, rect);
    context.canvas.image_parts("attention grid large", large_pictures_.drawn.sheet(), {&part, 1});
    draw_gone(context, rows_.back()->positions, rect);
    draw_axes(context, area, rect);
    answer(context, rect);
  }

  /// Hatches the keys that the head's table does not store any more, and marks the sinks.
  static void draw_gone(PanelContext& context, int positions, const plot::Rect& rect) {
    const plot::Theme& theme = context.theme;
    const view::Occupancy& occupancy = shown_occupancy(context);
    const int heads = std::max(context.model.config.heads, 1);
    const int row =
        context.selection.layer * occupancy.heads + shown_head(context) * occupancy.heads / heads;
    const auto status = [&](int position) {
      const bool known = row < occupancy.rows && position < occupancy.positions;
      return known ? occupancy.at(row, position) : view::SlotStatus::unseen;
    };
    const float width = rect.width() / static_cast<float>(positions);
    const auto x = [&](int position) { return rect.left + static_cast<float>(position) * width; };
    for (int first = 0, end = 0; first < positions; first = std::max(end, first + 1)) {
      if (status(first) == view::SlotStatus::sink) {
        context.canvas.fill({x(first), rect.top - theme.small_text * 0.35F,
                             std::max(x(first + 1) - 1, x(first) + 1), rect.top - 1},
                            theme.sink);
      }
      const auto gone = [&](int position) {
        const view::SlotStatus now = status(position);
        return now == view::SlotStatus::evicted || now == view::SlotStatus::evicted_now;
      };
      end = first;
      while (end < positions && gone(end)) ++end;
      if (end > first) hatch(context, {x(first), rect.top, x(end), rect.bottom});
    }
  }

  static void hatch(PanelContext& context, const plot::Rect& rect) {
    const plot::Clip clip(context.canvas, rect);
    const float apart = std::max(context.theme.unit() * 0.5F, 4.0F);
    const plot::Stroke stroke{context.theme.text.with_alpha(0.28), 1};
    for (float at = rect.left - rect.height(); at < rect.right; at += apart) {
      context.canvas.line({at, rect.bottom}, {at + rect.height(), rect.top}, stroke);
    }
  }

  void draw_axes(PanelContext& context, const plot::Rect& area, const plot::Rect& rect) const {
    const plot::Theme& theme = context.theme;
    const float below = rect.bottom + theme.small_text * 0.3F;
    context.canvas.text({rect.left, below}, "0", small_style(theme));
    context.canvas.text({rect.center().x, below}, "key position",
                        small_style(theme, plot::Align::center));
    context.canvas.text({rect.right, below}, plot::count_text(rows_.back()->positions - 1),
                        small_style(theme, plot::Align::right));
    context.canvas.text({area.left, rect.top}, plot::count_text(large_query(0).positions - 1),
                        small_style(theme));
    context.canvas.text({area.left, rect.bottom - theme.small_text * 1.3F},
                        plot::count_text(rows_.back()->positions - 1), small_style(theme));
    context.canvas.text({area.left, rect.center().y}, "query", in_middle(small_style(theme)));
  }

  /// Returns one of the queries that the large picture shows, which are the latest ones.
  [[nodiscard]] const run::AttentionRow& large_query(int query) const {
    return *rows_[rows_.size() - static_cast<std::size_t>(large_.queries() - query)];
  }

  void answer(PanelContext& context, const plot::Rect& rect) const {
    if (!context.pointer.at) return;
    const auto cell =
        plot::cell_at(rect, large_.queries(), rows_.back()->positions, *context.pointer.at);
    if (!cell) return;
    const run::AttentionRow& row = large_query(cell->row);
    if (cell->column >= row.positions) return;
    context.selection.next_hover.position = cell->column;
    if (context.pointer.clicked) context.selection.locked_position = cell->column;
    const auto tokens = context.history.tokens();
    const auto quoted = [&](int position) {
      const auto at = static_cast<std::size_t>(position);
      const std::string words =
          at < tokens.size() ? token_text(context.model).quoted(tokens[at]) : std::string();
      return plot::count_text(position) + " " + words;
    };
    const float value = view::attention_value(row, context.selection.layer, shown_head(context),
                                              side_, cell->column);
    const std::vector<plot::ReadoutLine> lines = {
        {"step " + plot::count_text(row.step), {}, {}},
        {"query", quoted(row.positions - 1), {}},
        {"key", quoted(cell->column), {}},
        {"attention", std::isnan(value) ? "not stored" : plot::column_text(value), {}}};
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {0, 0, context.area.right, 1e6F}, lines);
  }

  view::AttentionSide side_ = view::AttentionSide::lane;
  std::vector<std::shared_ptr<const run::AttentionRow>> rows_;  ///< those that have side_
  view::ReducedAttention small_;
  view::ReducedAttention large_;
  std::optional<LevelColors> colors_;
  Pictures small_pictures_;
  Pictures large_pictures_;
};

}  // namespace

std::unique_ptr<Panel> make_attention_grid_panel() {
  return std::make_unique<AttentionGridPanel>();
}

}  // namespace sketchscope::panels
