#include "cli/window/figure_study_options.hpp"

#include "cli/window/choice_flags.hpp"
#include "engine/settings/knob_changes.hpp"

namespace sketchscope::cli {

void FigureStudyOptions::declare(Flags& flags) {
  flags.add("--study", folder_, "open this folder of results beside the run");
  declare_choice(flags,
                 {.panel = "study",
                  .filter_help = "rows of its table that meet these, as in 'tova logit_kl<0.1'",
                  .order_help = "its rows by this column",
                  .example = "logit_kl:descending"},
                 choice_);
  flags.add_reader(
      "--study-against", "NAME", [this](const std::string& text) { choice_.reference = text; },
      "each of its rows against this one, a baseline or values of knobs, paired by text");
  flags.add_reader(
      "--study-columns", "COLUMN,...",
      [this](const std::string& text) { choice_.columns = settings::list_parts(text); },
      "these columns of its table, as in policy,capacity,perplexity (default: all that fit)");
}

}  // namespace sketchscope::cli
