#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/panels/panel_registry.hpp"
#include "gui/panels/panel_text.hpp"
#include "gui/plot/readout.hpp"
#include "gui/plot/value_format.hpp"
#include "gui/view/page_cells.hpp"

namespace sketchscope::panels {
namespace {

using Pools = std::vector<decode::PoolPages>;

plot::Color holder_color(const plot::Theme& theme, run::PageHolder holder) {
  switch (holder) {
    case run::PageHolder::lane:
      return theme.kept;
    case run::PageHolder::audit:
      return theme.categories[3];
    case run::PageHolder::twin:
      return theme.recent;
    case run::PageHolder::other_lane:
      return theme.sink;
    case run::PageHolder::other_audit:
      return theme.categories[6];
    case run::PageHolder::other_twin:
      return theme.categories[4];
    case run::PageHolder::kept:
      break;
  }
  return theme.faint;
}

const Pools* pools_of(const PanelContext& context) {
  const auto& pools = context.state.pages;
  return pools && !pools->empty() ? pools.get() : nullptr;
}

/// A grid of square cells, row by row, as large as all of them fit.
struct CellGrid {
  int columns = 1;
  float side = 1;  // with its gap

  [[nodiscard]] plot::Rect cell(const plot::Rect& area, std::size_t index) const {
    const auto row = static_cast<float>(index / static_cast<std::size_t>(columns));
    const auto column = static_cast<float>(index % static_cast<std::size_t>(columns));
    const float gap = side > 5 ? 1.0F : 0.0F;
    const float left = area.left + column * side;
    const float top = area.top + row * side;
    return {left, top, left + side - gap, top + side - gap};
  }
  /// Returns the index of the cell at a point, as if the grid went on for ever below.
  [[nodiscard]] std::optional<std::size_t> cell_at(const plot::Rect& area, plot::Point at) const {
    if (!area.contains(at)) return std::nullopt;
    const auto column = static_cast<int>((at.x - area.left) / side);
    if (column >= columns) return std::nullopt;
    const auto row = static_cast<int>((at.y - area.top) / side);
    return static_cast<std::size_t>(row * columns + column);
  }
  [[nodiscard]] float height(std::size_t count) const {
    const auto in_row = static_cast<std::size_t>(columns);
    return side * static_cast<float>((count + in_row - 1) / in_row);
  }
};

/// Returns the grid in whose cells the pages of all pools fit below one another.
CellGrid grid_for(const Pools& pools, float width, float height, float largest) {
  const auto fits = [&](float side) {
    const CellGrid grid{.columns = std::max(static_cast<int>(width / side), 1), .side = side};
    float needed = 0;
    for (const decode::PoolPages& pool : pools) needed += grid.height(pool.holders.size());
    return needed <= height;
  };
  float side = largest;
  while (side > 1 && !fits(side)) side -= side > 4 ? 0.5F : 0.1F;
  return {.columns = std::max(static_cast<int>(width / side), 1), .side = side};
}

/// The pages of the session's pools, each in the colour of who holds it.
class PagesPanel final : public Panel {
 public:
  std::string_view name() const override { return "pages"; }
  std::string_view title() const override { return "Pages"; }
  std::string_view help() const override {
    return "Every page of 16 slots that the session has taken from the system, in the colour of "
           "who holds it. A page with a second colour inside is shared: a fork, a keyframe or a "
           "compared run holds it too, until one of them writes. Free pages wait for the next "
           "token. It is the newest step's.";
  }
  std::string subtitle(const PanelContext& context) const override {
    const Pools* pools = pools_of(context);
    if (!pools) return {};
    const view::PageTotals totals = view::page_totals(*pools);
    return plot::count_text(static_cast<long long>(totals.pages)) + " pages · " +
           plot::count_text(static_cast<long long>(totals.shared)) + " shared, " +
           plot::count_text(static_cast<long long>(totals.free)) + " free";
  }
  std::string readout(const PanelContext& context) const override {
    const Pools* pools = pools_of(context);
    if (!pools) return std::string(plot::kAbsent);
    return plot::column_bytes(view::page_totals(*pools).bytes);
  }

  RowsOf rows_of() const override { return RowsOf::everything; }
  view::DataTable data(const PanelContext& context) const override {
    const Pools* pools = pools_of(context);
    return pools ? view::pages_data(*pools) : view::DataTable();
  }

  void draw(PanelContext& context) override {
    const Pools* pools = pools_of(context);
    if (!pools || context.history.empty()) {
      return draw_not_there(context, "No pages yet",
                            "Press play: tables take their slots from pages");
    }
    const plot::Theme& theme = context.theme;
    plot::Rect area = context.area;
    area.top = draw_legend(context, view::page_totals(*pools));
    const float words = theme.small_text * 1.5F;
    const auto count = static_cast<float>(pools->size());
    const bool named = area.height() > (words + theme.unit()) * count;
    const float room = area.height() - (named ? words * count : 0);
    const CellGrid grid = grid_for(*pools, area.width(), room, theme.unit() * 1.3F);
    float top = area.top;
    int number = 0;
    for (const decode::PoolPages& pool : *pools) {
      if (named) {
        const plot::TextStyle style = small_style(theme);
        context.canvas.text(
            {area.left, top},
            fitted_parts(context.canvas, view::pool_text(pool), style, area.width()), style);
        top += words;
      }
      draw_pool(context, pool, grid, "pages/" + std::to_string(++number),
                {area.left, top, area.right, area.bottom});
      top += grid.height(pool.holders.size());
    }
  }

 private:
  static constexpr std::size_t kMostMarks = 1500;  // pages that are drawn one by one

  /// Draws who holds how many pages. Returns the lower end.
  static float draw_legend(PanelContext& context, const view::PageTotals& totals) {
    const plot::Theme& theme = context.theme;
    const plot::Rect& area = context.area;
    const float side = theme.small_text * 0.7F;
    const plot::TextStyle style = small_style(theme);
    float left = area.left;
    const auto entry = [&](const std::string& words, plot::Color color, bool filled) {
      const float width = side * 1.5F + context.canvas.measure(words, style).width;
      if (left + width > area.right) return;
      const float top = area.top + theme.small_text * 0.25F;
      const plot::Rect mark{left, top, left + side, top + side};
      if (filled) {
        context.canvas.fill(mark, color, 2);
      } else {
        context.canvas.rect(mark, {color, 1});
      }
      context.canvas.text({left + side * 1.5F, area.top}, words, style);
      left += width + side * 1.8F;
    };
    for (const view::PageCount& count : totals.holders) {
      entry(std::string(view::holder_name(count.holder)) + " " +
                plot::count_text(static_cast<long long>(count.pages)),
            holder_color(theme, count.holder), true);
    }
    entry("free " + plot::count_text(static_cast<long long>(totals.free)), theme.faint, false);
    return area.top + theme.small_text * 1.7F;
  }

  static void draw_pool(PanelContext& context, const decode::PoolPages& pool, const CellGrid& grid,
                        std::string_view key, const plot::Rect& area) {
    const plot::Clip clip(context.canvas, area);
    if (pool.holders.size() > kMostMarks) {
      draw_picture(context, pool, grid, key, area);
    } else {
      for (std::size_t page = 0; page < pool.holders.size(); ++page)
        draw_page(context, pool.holders[page], grid.cell(area, page));
    }
    const auto hovered =
        context.pointer.at ? grid.cell_at(area, *context.pointer.at) : std::optional<std::size_t>();
    if (!hovered || *hovered >= pool.holders.size()) return;
    context.canvas.rect(grid.cell(area, *hovered), {context.theme.text, 1});
    draw_values(context, pool, *hovered);
  }

  /// Draws very many pages as one picture, each in the colour of its first holder.
  static void draw_picture(PanelContext& context, const decode::PoolPages& pool,
                           const CellGrid& grid, std::string_view key, const plot::Rect& area) {
    const auto columns = static_cast<std::size_t>(grid.columns);
    const std::size_t rows = (pool.holders.size() + columns - 1) / columns;
    plot::Image picture{.width = grid.columns,
                        .height = static_cast<int>(rows),
                        .pixels = std::vector<plot::Color>(rows * columns, context.theme.card)};
    std::array<plot::Color, std::size_t{std::numeric_limits<decode::PageHolders>::max()} + 1>
        colors;
    for (std::size_t holders = 0; holders < colors.size(); ++holders) {
      const auto first = view::first_holder(static_cast<decode::PageHolders>(holders));
      colors[holders] = first ? holder_color(context.theme, *first) : context.theme.control;
    }
    std::ranges::transform(pool.holders, picture.pixels.begin(),
                           [&](decode::PageHolders holders) { return colors[holders]; });
    const float width = grid.side * static_cast<float>(grid.columns);
    const float height = grid.side * static_cast<float>(rows);
    context.canvas.image(key, {area.left, area.top, area.left + width, area.top + height}, picture);
  }

  static void draw_page(PanelContext& context, decode::PageHolders holders,
                        const plot::Rect& cell) {
    const plot::Theme& theme = context.theme;
    const auto first = view::first_holder(holders);
    if (!first) return context.canvas.rect(cell.inset(0.5F, 0.5F), {theme.border, 1});
    context.canvas.fill(cell, holder_color(theme, *first));
    const auto second = view::second_holder(holders);
    if (!second) return;
    const float inset = cell.width() * 0.3F;
    context.canvas.fill(cell.inset(inset, inset), holder_color(theme, *second));
  }

  static void draw_values(PanelContext& context, const decode::PoolPages& pool, std::size_t page) {
    const decode::PageHolders holders = pool.holders[page];
    std::vector<plot::ReadoutLine> lines = {
        {"page " + std::to_string(page),
         plot::format_bytes(static_cast<double>(pool.page_bytes)),
         {}}};
    if (holders == 0) lines.push_back({"free", {}, {}});
    for (const view::PageHolderName& named : view::page_holder_names()) {
      if (!view::held_by(holders, named.holder)) continue;
      lines.push_back({std::string(named.name), {}, holder_color(context.theme, named.holder)});
    }
    if (holders != 0) {
      lines.push_back({"tables that hold it", std::to_string(pool.references[page]), {}});
    }
    plot::draw_readout(context.overlay, context.theme, *context.pointer.at,
                       {context.area.left, context.area.top, context.area.right, 1e6F}, lines);
  }
};

}  // namespace

std::unique_ptr<Panel> make_pages_panel() {
  return std::make_unique<PagesPanel>();
}

}  // namespace sketchscope::panels
