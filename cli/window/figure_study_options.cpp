#include "cli/window/figure_study_options.hpp"

#include "engine/core/error.hpp"

namespace sketchscope::cli {

void FigureStudyOptions::declare(Flags& flags) {
  flags.add("--study", folder_, "open this folder of results beside the run");
  flags.add_reader(
      "--study-filter", "WORDS", [this](const std::string& text) { choice_.filter = text; },
      "rows of its table that meet these, as in 'tova logit_kl<0.1'");
  flags.add_reader(
      "--study-order", "COLUMN[:descending]",
      [this](const std::string& text) {
        const std::size_t colon = text.find(':');
        if (colon != std::string::npos && text.substr(colon) != ":descending") {
          throw core::UsageError({.what = "--study-order",
                                  .found = "'" + text + "'",
                                  .expected = "a column of the table, as in logit_kl:descending"});
        }
        choice_.order = text.substr(0, colon);
        choice_.descending = colon != std::string::npos;
      },
      "its rows by this column");
}

}  // namespace sketchscope::cli
