#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gui/app/card.hpp"
#include "gui/app/layout.hpp"
#include "gui/panels/panel.hpp"
#include "gui/widgets/controls.hpp"

namespace sketchscope::app {

/// The area of all panels as cards, or of one panel alone.
class Workspace {
 public:
  /// Creates one panel of each kind.
  Workspace();

  /// Draws all panels. Area and pointer of `context` are set for each panel.
  void draw(const plot::Rect& area, const panels::PanelContext& context);
  /// Draws one panel over `area`, for a picture.
  void draw_only(std::string_view name, const plot::Rect& area,
                 const panels::PanelContext& context);
  /// Returns the least size of a panel for print that leaves nothing out, for one as wide as
  /// `context.area`.
  [[nodiscard]] plot::Size least_print(std::string_view name, panels::PanelContext context) const;

  [[nodiscard]] const LayoutChoice& layout() const { return layout_; }
  void set_layout(LayoutChoice layout) { layout_ = std::move(layout); }
  /// Shows all panels in a grid, or the default layout.
  void show_grid(bool on) { grid_ = on; }
  [[nodiscard]] bool shows_grid() const { return grid_; }
  /// Returns whether a border or a card is being dragged.
  [[nodiscard]] bool is_dragging() const { return dragging_ || !carried_.empty(); }
  /// Returns the move that a person made since the last call.
  [[nodiscard]] std::optional<Move> take_moved() { return std::exchange(moved_, std::nullopt); }

  /// Shows one panel alone, or all for an empty name. Throws UsageError on an unknown name.
  void show_alone(std::string_view name);
  [[nodiscard]] const std::string& alone() const { return alone_; }
  /// Returns where the panel was drawn last; empty if it was not.
  [[nodiscard]] std::optional<plot::Rect> card(std::string_view name) const;
  [[nodiscard]] std::vector<const panels::Panel*> panels() const;
  /// Returns a panel. Throws UsageError on an unknown name.
  [[nodiscard]] const panels::Panel& panel(std::string_view name) const;
  /// Sets which rows the panel shows. Throws UsageError on an unknown name or column.
  void choose(std::string_view panel, panels::PanelChoice choice);

 private:
  struct Shown {
    std::unique_ptr<panels::Panel> panel;
    std::optional<plot::Rect> card;  ///< where it was drawn in the last frame
  };
  static std::string_view name_of(const Shown& shown) { return shown.panel->name(); }

  /// Draws a panel without its card, for print.
  static void draw_bare(Shown& shown, const plot::Rect& area, panels::PanelContext context);
  void draw_panel(Shown& shown, const plot::Rect& card, panels::PanelContext context);
  /// Returns the panels in the place of this one, in the order of their tabs.
  [[nodiscard]] std::vector<std::string_view> tabs_of(std::string_view panel) const;
  /// Brings the panel of a tab to the front that is clicked. Returns whether one was.
  bool choose_tab(const panels::PanelContext& context, const std::string& name,
                  const std::vector<std::string_view>& tabs, const CardTabs& areas);
  /// Begins to drag a card whose header is pressed, but not on its menu.
  void grab(const std::string& name, const plot::Rect& header, const plot::Rect& menu);
  /// Shows where the dragged card would go, and moves it there when it is let go.
  void carry(const panels::PanelContext& context);
  void draw_grid(const plot::Rect& area, const panels::PanelContext& context);
  void drag_borders(const plot::Rect& area, const panels::PanelContext& context);
  [[nodiscard]] Shown* find(std::string_view name);
  /// Returns the mouse as seen by the panel, whose content fills `area`.
  panels::Pointer pointer_in(const std::string& name, const plot::Rect& area);

  std::vector<Shown> panels_;
  std::string alone_;
  LayoutChoice layout_;
  std::vector<Place> places_;  ///< of this frame
  std::string grabbed_;        ///< panel whose header is pressed
  std::string carried_;        ///< panel that is dragged
  std::optional<Move> moved_;
  bool dragging_ = false;
  bool grid_ = false;
  bool picturing_ = false;  ///< a panel is drawn for a picture of it
  std::string pressed_;     ///< panel in which the mouse was pressed and is held
};

}  // namespace sketchscope::app
