#include "cli/window/choice_flags.hpp"

#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

/// Reads "COLUMN" or "COLUMN:descending". Throws UsageError.
void read_order(const std::string& flag, const std::string& text, const std::string& example,
                panels::PanelChoice& choice) {
  const std::size_t colon = text.find(':');
  if (colon != std::string::npos && text.substr(colon) != ":descending") {
    throw core::UsageError({.what = flag,
                            .found = "'" + text + "'",
                            .expected = "a column of the table, as in " + example});
  }
  choice.order = text.substr(0, colon);
  choice.descending = colon != std::string::npos;
}

}  // namespace

void declare_choice(Flags& flags, const ChoiceFlags& named, panels::PanelChoice& choice) {
  flags.add_reader(
      "--" + named.panel + "-filter", "WORDS",
      [&choice](const std::string& text) { choice.filter = text; }, named.filter_help);
  const std::string flag = "--" + named.panel + "-order";
  flags.add_reader(
      flag, "COLUMN[:descending]",
      [&choice, flag, example = named.example](const std::string& text) {
        read_order(flag, text, example, choice);
      },
      named.order_help);
}

}  // namespace sketchscope::cli
