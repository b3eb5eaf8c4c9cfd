#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/plot/raster.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/attention_grid.hpp"
#include "gui/view/attention_map.hpp"
#include "gui/view/head_text.hpp"
#include "gui/view/occupancy.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::panels {
namespace {

constexpr std::array<std::string_view, 3> kSideNames = {"this cache", "full cache", "difference"};
constexpr double kBrightestDifference = 0.1;  // the difference that has the full colour

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
    const plot::Theme& theme = context.theme;
    const plot::Rect area{context.area.left, top, context.area.right, context.area.bottom};
    // The large picture takes the right half, or nothing where there is no room.
    const bool both = area.width() > 40 * theme.unit();
    const float split = both ? area.left + area.width() * 0.48F : area.right;
    draw_grid(context, rows, {area.left, area.top, split, area.bottom});
    if (both) {
      draw_large(context, rows, {split + theme.unit() * 1.2F, area.top, area.right, area.bottom});
    }
  }

 private:
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

  [[nodiscard]] plot::Color color_of(const plot::Theme& theme, float value, bool there) const {
    if (!there) return theme.card;
    if (std::isnan(value)) return theme.evicted;
    if (side_ != view::AttentionSide::difference) return plot::viridis(view::mass_heat(value));
    const double size = std::min(1.0, std::sqrt(std::abs(value) / kBrightestDifference));
    return plot::mix(theme.control, value < 0 ? theme.bad : theme.kept, size);
  }

  [[nodiscard]] plot::Image image_of(const plot::Theme& theme,
                                     const view::AttentionMatrix& matrix) const {
    plot::Image image{.width = matrix.positions, .height = matrix.queries, .pixels = {}};
    image.pixels.reserve(matrix.values.size());
    for (int query = 0; query < matrix.queries; ++query) {
      for (int position = 0; position < matrix.positions; ++position) {
        const auto index =
            static_cast<std::size_t>(query) * static_cast<std::size_t>(matrix.positions) +
            static_cast<std::size_t>(position);
        const bool there = position <= matrix.last[static_cast<std::size_t>(query)];
        image.pixels.push_back(color_of(theme, matrix.values[index], there));
      }
    }
    return image;
  }

  void draw_grid(PanelContext& context, view::AttentionRows rows, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const int layers = rows.back()->layers;
    const int heads = rows.back()->heads;
    // Pictures are made anew only for another step, side, size or theme.
    const Shown now{context.history.generation(), rows.back()->step, side_, area, theme.card};
    fresh_ = std::exchange(shown_, now) == now;
    const float left = area.left + theme.small_text * 2.2F;
    const float top = area.top + theme.small_text * 1.5F;
    const float gap = 2;
    const float width = (area.right - left) / static_cast<float>(heads);
    const float height = (area.bottom - top) / static_cast<float>(layers);
    plot::TextStyle number = small_style(theme, plot::Align::center);
    const bool wide = width > theme.small_text * 1.6F;
    for (int head = 0; head < heads && wide; ++head) {
      context.canvas.text({left + (static_cast<float>(head) + 0.5F) * width, area.top},
                          "H" + std::to_string(head), number);
    }
    for (int layer = 0; layer < layers; ++layer) {
      const float row = top + static_cast<float>(layer) * height;
      if (height > theme.small_text * 1.2F) {
        context.canvas.text({area.left, row + height / 2}, "L" + std::to_string(layer),
                            in_middle(small_style(theme)));
      }
      for (int head = 0; head < heads; ++head) {
        const float column = left + static_cast<float>(head) * width;
        draw_small(context, rows, layer, head,
                   {column, row, column + width - gap, row + height - gap});
      }
    }
  }

  void draw_small(PanelContext& context, view::AttentionRows rows, int layer, int head,
                  const plot::Rect& rect) {
    if (rect.width() < 2 || rect.height() < 2) return;
    const std::string key = "attention grid " + std::to_string(layer) + " " + std::to_string(head);
    plot::Image& picture = pictures_[key];
    if (!fresh_) {
      picture =
          image_of(context.theme, view::small_attention_matrix(rows, layer, head, side_,
                                                               static_cast<int>(rect.height()),
                                                               static_cast<int>(rect.width())));
    }
    context.canvas.image(key, rect, picture);
    const bool chosen = layer == context.selection.layer && head == shown_head(context);
    if (chosen) context.canvas.rect(rect, {context.theme.accent, 1.5F});
    if (!context.pointer.at || !rect.contains(*context.pointer.at)) return;
    context.canvas.rect(rect, {context.theme.text});
    if (!context.pointer.clicked) return;
    context.selection.layer = layer;
    context.selection.head = head;
  }

  void draw_large(PanelContext& context, view::AttentionRows rows, const plot::Rect& area) {
    const plot::Theme& theme = context.theme;
    const int head = shown_head(context);
    const view::AttentionMatrix matrix =
        view::attention_matrix(rows, context.selection.layer, head, side_);
    if (matrix.queries == 0) {
      context.canvas.text(area.center(), "The twin is off: there is no full cache to see",
                          {.color = theme.quiet,
                           .align = plot::Align::center,
                           .vertical = plot::VerticalAlign::middle});
      return;
    }
    const plot::Rect rect{area.left + theme.small_text * 3.4F, area.top + theme.small_text * 0.6F,
                          area.right, area.bottom - theme.small_text * 1.7F};
    if (rect.width() < 8 || rect.height() < 8) return;
    context.canvas.image(
        "attention grid large", rect,
        image_of(theme, view::small_attention_matrix(rows, context.selection.layer, head, side_,
                                                     static_cast<int>(rect.height()),
                                                     static_cast<int>(rect.width()))));
    draw_gone(context, matrix, rect);
    draw_axes(context, matrix, area, rect);
    answer(context, matrix, rect);
  }

  /// Hatches the keys that the head's table does not store any more, and marks the sinks.
  static void draw_gone(PanelContext& context, const view::AttentionMatrix& matrix,
                        const plot::Rect& rect) {
    const plot::Theme& theme = context.theme;
    const view::Occupancy occupancy = shown_occupancy(context);
    const int heads = std::max(context.model.config.heads, 1);
    const int row =
        context.selection.layer * occupancy.heads + shown_head(context) * occupancy.heads / heads;
    const auto status = [&](int position) {
      const bool known = row < occupancy.rows && position < occupancy.positions;
      return known ? occupancy.at(row, position) : view::SlotStatus::unseen;
    };
    const float width = rect.width() / static_cast<float>(matrix.positions);
    const auto x = [&](int position) { return rect.left + static_cast<float>(position) * width; };
    for (int first = 0, end = 0; first < matrix.positions; first = std::max(end, first + 1)) {
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
      while (end < matrix.positions && gone(end)) ++end;
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

  static void draw_axes(PanelContext& context, const view::AttentionMatrix& matrix,
                        const plot::Rect& area, const plot::Rect& rect) {
    const plot::Theme& theme = context.theme;
    const float below = rect.bottom + theme.small_text * 0.3F;
    context.canvas.text({rect.left, below}, "0", small_style(theme));
    context.canvas.text({rect.center().x, below}, "key position",
                        small_style(theme, plot::Align::center));
    context.canvas.text({rect.right, below}, plot::count_text(matrix.positions - 1),
                        small_style(theme, plot::Align::right));
    context.canvas.text({area.left, rect.top}, plot::count_text(matrix.last.front()),
                        small_style(theme));
    context.canvas.text({area.left, rect.bottom - theme.small_text * 1.3F},
                        plot::count_text(matrix.last.back()), small_style(theme));
    context.canvas.text({area.left, rect.center().y}, "query", in_middle(small_style(theme)));
  }

  static void answer(PanelContext& context, const view::AttentionMatrix& matrix,
                     const plot::Rect& rect) {
    if (!context.pointer.at) return;
    const auto cell = plot::cell_at(rect, matrix.queries, matrix.positions, *context.pointer.at);
    if (!cell || cell->column > matrix.last[static_cast<std::size_t>(cell->row)]) return;
    context.selection.next_hover.position = cell->column;
    if (context.pointer.clicked) context.selection.locked_position = cell->column;
    const auto tokens = context.history.tokens();
    const auto quoted = [&](int position) {
      const auto at = static_cast<std::size_t>(position);
      const std::string words =
          at < tokens.size() ? token_text(context.model).quoted(tokens[at]) : std::string();
      return plot::count_text(position) + " " + words;
    };
    const float value = matrix.values[static_cast<std::size_t>(cell->row) *
                                          static_cast<std::size_t>(matrix.positions) +
                                      static_cast<std::size_t>(cell->column)];
    const std::vector<plot::ReadoutLine> lines = {
        {"step " + plot::count_text(matrix.steps[static_cast<std::size_t>(cell->row)]), {}, {}},
        {"query", quoted(matrix.last[static_cast<std::size_t>(cell->row)]), {}},
        {"key", quoted(cell->column), {}},
        {"attention", std::isnan(value) ? "not stored" : plot::column_text(value), {}}};
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {0, 0, context.area.right, 1e6F}, lines);
  }

  /// What the small pictures show.
  struct Shown {
    std::uint64_t generation = 0;
    std::int64_t step = -1;
    view::AttentionSide side = view::AttentionSide::lane;
    plot::Rect area;
    plot::Color card;
    friend bool operator==(const Shown&, const Shown&) = default;
  };

  view::AttentionSide side_ = view::AttentionSide::lane;
  Shown shown_;
  bool fresh_ = false;  ///< the pictures are those of shown_
  std::map<std::string, plot::Image> pictures_;
};

}  // namespace

std::unique_ptr<Panel> make_attention_grid_panel() {
  return std::make_unique<AttentionGridPanel>();
}

}  // namespace sketchscope::panels
