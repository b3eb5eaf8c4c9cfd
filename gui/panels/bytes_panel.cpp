#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "gui/panels/panel_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/view/memory_stack.hpp"
#include "gui/view/panel_data.hpp"
#include "gui/view/quantity.hpp"

namespace sketchscope {
namespace {

/// The memory ledger of the step shown: a bar relative to the full cache and a line per category.
class BytesPanel final : public Panel {
 public:
  std::string_view name() const override { return "bytes"; }
  std::string_view title() const override { return "Bytes now"; }
  std::string_view help() const override {
    return "What the lane's cache takes at the step shown; the whole bar is the full cache at the "
           "same position. What only measures is listed apart.";
  }

  std::string subtitle(const PanelContext& context) const override {
    const StepRecord* record = context.shown();
    const double saving = record ? memory_saving(record->memory) : kMissing;
    if (!std::isfinite(saving) || saving == 0) return {};
    return (saving > 0 ? "−" : "+") + percent_text(std::abs(saving));
  }
  std::string readout(const PanelContext& context) const override {
    const StepRecord* record = context.shown();
    if (!record) return std::string(kAbsent);
    return "of " + bytes_text(static_cast<double>(record->memory.kv_full)) + " full";
  }

  DataTable data(const PanelContext& context) const override {
    const StepRecord* record = context.shown();
    return record ? bytes_data(record->memory) : DataTable();
  }

  void draw(PanelContext& context) override {
    const StepRecord* record = context.shown();
    if (!record) {
      return draw_empty_state(context, "No step yet", "Press play: counted every step");
    }
    const Theme& theme = context.theme;
    const auto parts = memory_parts(record->memory);
    const std::array<Color, 5> colors = {theme.kept, theme.sink, theme.categories[3],
                                         theme.categories[4], theme.faint};
    const float bar = theme.unit();
    draw_bar(context, *record, colors,
             {context.area.left, context.area.top, context.area.right, context.area.top + bar});

    const float top = context.area.top + bar + theme.unit() * 0.7F;
    // If not all categories fit, those of 0 bytes are dropped.
    const float room = context.area.bottom - top;
    const bool all = room / static_cast<float>(parts.size()) >= theme.line_height() * 0.95F;
    const auto lines =
        std::ranges::count_if(parts, [&](const MemoryPart& part) { return all || part.bytes > 0; });
    const float pitch = std::min(theme.line_height() * 1.1F, room / static_cast<float>(lines));
    float middle = top + pitch / 2;
    for (std::size_t index = 0; index < parts.size(); ++index) {
      if (!all && parts[index].bytes == 0) continue;
      draw_line(context, parts[index], colors[index], middle);
      middle += pitch;
    }
  }

 private:
  static void draw_bar(PanelContext& context, const StepRecord& record,
                       std::span<const Color> colors, const Rect& bar) {
    const Theme& theme = context.theme;
    context.canvas.fill(bar, theme.control, 2);
    const auto parts = memory_parts(record.memory);
    const double whole =
        std::max(static_cast<double>(record.memory.kv_full), policy_bytes(record.memory));
    if (whole <= 0) return;
    float left = bar.left;
    for (std::size_t index = 0; index < parts.size(); ++index) {
      if (!parts[index].of_policy || parts[index].bytes <= 0) continue;
      // A category above 0 has a least width.
      const float width =
          std::max(2.0F, static_cast<float>(parts[index].bytes / whole) * bar.width());
      context.canvas.fill({left, bar.top, std::min(left + width, bar.right), bar.bottom},
                          colors[index], 2);
      left += width;
    }
  }

  static void draw_line(PanelContext& context, const MemoryPart& part, Color color, float middle) {
    const Theme& theme = context.theme;
    const float side = theme.unit() * 0.7F;
    context.canvas.fill(
        {context.area.left, middle - side / 2, context.area.left + side, middle + side / 2}, color,
        2);
    TextStyle label = label_style(theme);
    label.vertical = VerticalAlign::middle;
    const std::string note = part.of_policy ? "" : " (not the policy)";
    context.canvas.text({context.area.left + theme.unit() * 1.3F, middle},
                        std::string(part.name) + note, label);
    TextStyle value = value_style(theme);
    value.vertical = VerticalAlign::middle;
    if (!part.of_policy || part.bytes == 0) value.color = theme.quiet;
    context.canvas.text({context.area.right, middle}, bytes_text(part.bytes), value);
  }
};

}  // namespace

std::unique_ptr<Panel> make_bytes_panel() {
  return std::make_unique<BytesPanel>();
}

}  // namespace sketchscope
