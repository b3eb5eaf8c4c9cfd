#pragma once

#include <string>

#include "cli/flags.hpp"
#include "gui/panels/panel.hpp"

namespace sketchscope::cli {

/// The flags of which rows a panel's table shows, and how help describes them.
struct ChoiceFlags {
  std::string panel;  ///< they are --PANEL-filter and --PANEL-order
  std::string filter_help;
  std::string order_help;
  std::string example;  ///< of an order
};

/// Adds the flags, which set filter and order of `choice`; it must outlive the reading.
void declare_choice(Flags& flags, const ChoiceFlags& named, panels::PanelChoice& choice);

}  // namespace sketchscope::cli
