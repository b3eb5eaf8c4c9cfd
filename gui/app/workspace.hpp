#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/app/controls.hpp"
#include "gui/panels/panel.hpp"

namespace sketchscope {

/// All panels as cards: side by side, or one of them alone.
class Workspace {
 public:
  /// One of each panel kind there is.
  Workspace();

  /// `context` is that of all panels; area and pointer are set for each of them here.
  void draw(const Rect& area, const PanelContext& context);

  /// Shows one panel alone; an empty name shows all again. Throws UsageError on an unknown name.
  void show_alone(std::string_view name);
  [[nodiscard]] const std::string& alone() const { return alone_; }
  /// Where the panel was drawn last; empty if it was not.
  [[nodiscard]] std::optional<Rect> card(std::string_view name) const;
  [[nodiscard]] std::vector<const Panel*> panels() const;

 private:
  struct Shown {
    std::unique_ptr<Panel> panel;
    std::optional<Rect> card;
  };

  void draw_panel(Shown& shown, const Rect& card, PanelContext context);
  [[nodiscard]] Shown* find(std::string_view name);
  /// The mouse as the panel of this name sees it, whose content fills `area`.
  Pointer pointer_in(const std::string& name, const Rect& area);

  std::vector<Shown> panels_;
  std::string alone_;
  std::string pressed_;  ///< the panel that the mouse was pressed in and is held from
};

}  // namespace sketchscope
