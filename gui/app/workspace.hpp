#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/app/card.hpp"
#include "gui/app/layout.hpp"
#include "gui/panels/panel.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope {

/// All panels as cards: side by side, or one of them alone.
class Workspace {
 public:
  /// One of each panel kind there is.
  Workspace();

  /// `context` is that of all panels; area and pointer are set for each of them here.
  void draw(const Rect& area, const PanelContext& context);
  /// One panel, filling `area`, for a picture.
  void draw_only(std::string_view name, const Rect& area, const PanelContext& context);

  [[nodiscard]] const LayoutChoice& layout() const { return layout_; }
  void set_layout(LayoutChoice layout) { layout_ = std::move(layout); }
  /// Every panel at once in a grid, or the usual arrangement.
  void show_grid(bool on) { grid_ = on; }
  [[nodiscard]] bool shows_grid() const { return grid_; }
  /// Whether a border between cards is being dragged.
  [[nodiscard]] bool is_dragging() const { return dragging_; }

  /// Shows one panel alone; an empty name shows all again. Throws UsageError on an unknown name.
  void show_alone(std::string_view name);
  [[nodiscard]] const std::string& alone() const { return alone_; }
  /// Where the panel was drawn last; empty if it was not.
  [[nodiscard]] std::optional<Rect> card(std::string_view name) const;
  [[nodiscard]] std::vector<const Panel*> panels() const;
  /// Throws UsageError on an unknown name.
  [[nodiscard]] const Panel& panel(std::string_view name) const;
  /// Which rows the panel shows. Throws UsageError on an unknown name.
  void choose(std::string_view panel, PanelChoice choice);

 private:
  struct Shown {
    std::unique_ptr<Panel> panel;
    std::optional<Rect> card;
  };

  void draw_panel(Shown& shown, const Rect& card, PanelContext context);
  /// Titles of the panels that share this one's place, which a click brings to the front.
  [[nodiscard]] std::vector<std::string_view> tabs_beside(std::string_view panel) const;
  void choose_tab(const PanelContext& context, const std::string& name, const Rect& card,
                  const CardHeader& header);
  void draw_grid(const Rect& area, const PanelContext& context);
  void drag_borders(const Rect& area, const PanelContext& context);
  [[nodiscard]] Shown* find(std::string_view name);
  /// The mouse as the panel of this name sees it, whose content fills `area`.
  Pointer pointer_in(const std::string& name, const Rect& area);

  std::vector<Shown> panels_;
  std::string alone_;
  LayoutChoice layout_;
  bool dragging_ = false;
  bool grid_ = false;
  std::string pressed_;  ///< the panel that the mouse was pressed in and is held from
};

}  // namespace sketchscope
