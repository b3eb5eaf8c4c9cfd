#include "cli/window/window_options.hpp"

#include "cli/common_options.hpp"
#include "cli/shipped_files.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::cli {
namespace {

/// The window samples by default, so that restarts show different continuations.
settings::Knobs window_knobs() {
  return {.temperature = 0.7};
}

constexpr int kSpeedMaximum = 1'000'000;

/// Returns the parts of a list that is separated by commas. Those inside brackets belong to a
/// formula.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  int open = 0;
  for (const char letter : text) {
    if (parts.empty()) parts.emplace_back();
    open += letter == '(' ? 1 : letter == ')' ? -1 : 0;
    if (letter == ',' && open <= 0) {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  if (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

/// Parses a value of `flag` such as "max_cache_size=80".
app::KnobValue knob_value_from(const char* flag, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw core::UsageError({.what = flag,
                            .found = "'" + text + "'",
                            .expected = "KNOB=VALUE, as in max_cache_size=80"});
  }
  app::KnobValue set{text.substr(0, equals), text.substr(equals + 1)};
  settings::Knobs probe;
  settings::set_knob(probe, set.knob, set.value);
  return set;
}

/// Parses a value of `flag` such as "100:max_cache_size=80".
app::ScheduledChange change_from(const char* flag, const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::size_t equals = text.find('=');
  const auto step = core::parse_number<std::int64_t>(text.substr(0, colon));
  if (!step || *step < 0 || colon == std::string::npos || equals == std::string::npos ||
      equals < colon) {
    throw core::UsageError({.what = flag,
                            .found = "'" + text + "'",
                            .expected = "STEP:KNOB=VALUE, as in 100:max_cache_size=80"});
  }
  return {*step, knob_value_from(flag, text.substr(colon + 1))};
}

view::StepRange range_from(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto first = core::parse_number<double>(text.substr(0, colon));
  const auto last = colon == std::string::npos ? std::nullopt
                                               : core::parse_number<double>(text.substr(colon + 1));
  if (!first || !last || !(*first < *last)) {
    throw core::UsageError(
        {.what = "--range", .found = "'" + text + "'", .expected = "FIRST:LAST, as in 100:200"});
  }
  return {*first, *last};
}

/// The least and the largest side of a size.
struct SideRange {
  double least = 0;
  double most = 0;
};

/// Parses a size such as "900x500".
plot::Size size_from(const char* flag, const std::string& text, SideRange range) {
  const std::size_t cross = text.find('x');
  const auto side = [&](const std::string& word) {
    const auto value = core::parse_number<double>(word);
    if (!value || !(*value >= range.least && *value <= range.most)) {
      throw core::UsageError({.what = flag,
                              .found = "'" + text + "'",
                              .expected = "WIDTHxHEIGHT, each " + core::number_text(range.least) +
                                          " to " + core::number_text(range.most)});
    }
    return static_cast<float>(*value);
  };
  if (cross == std::string::npos) return {side(""), 0};
  return {side(text.substr(0, cross)), side(text.substr(cross + 1))};
}

/// Adds a flag whose value is a list of parts, each of which `parse(flag, part)` appends to
/// `values`.
template <class T>
void add_list(Flags& flags, const char* flag, const std::string& placeholder,
              std::vector<T>& values, T (*parse)(const char*, const std::string&),
              const std::string& help) {
  const auto read = [flag, &values, parse](const std::string& text) {
    for (const std::string& part : parts_of(text)) values.push_back(parse(flag, part));
  };
  flags.add_reader(flag, placeholder, read, help);
}

}  // namespace

void WindowOptions::declare(Flags& flags) {
  flags.group("Window");
  prompt_.declare(flags, "text to start from (default: a tale)");
  flags.add_switch("--no-twin", without_twin_, "start without the full cache beside it");
  flags.add("--speed", speed_, {0, kSpeedMaximum},
            "tokens per second at first; 0 is as fast as it goes (default: 10)");
  common_.declare_audit(flags);
  common_.declare_max_bytes(flags);
  common_.declare(flags, window_knobs(), kAllKnobs);
}

std::string WindowOptions::prompt(const model::LoadedModel& model,
                                  const std::stop_token& stop) const {
  prompt_.check_text_given();
  if (prompt_.count() > 1) {
    throw core::UsageError({.what = "prompt", .expected = "either --prompt or --prompt-file"});
  }
  if (prompt_.count() == 1) return prompt_.read(model, stop);
  return common_.uses_embedded_model() ? core::read_file(embedded_prompt()) : std::string();
}

run::WorkerOptions WindowOptions::worker(const model::LoadedModel& model,
                                         const std::stop_token& stop) const {
  return {.knobs = common_.knobs(model, window_knobs()),
          .prompt = prompt(model, stop),
          .start_token = prompt_.start_token(),
          .twin = !without_twin_,
          .audit = common_.audit(),
          .tokens_per_second = static_cast<double>(speed_),
          .threads = common_.threads()};
}

app::ModelAccess WindowOptions::models() const {
  return {.read =
              [common = common_](const std::filesystem::path& directory,
                                 const core::ProgressSink& progress) {
                return common.open_directory(directory, progress);
              },
          .embedded = embedded_model(),
          .threads = common_.threads(),
          .offered = offered_models()};
}

void FigureOptions::declare(Flags& flags) {
  constexpr int kFramesMaximum = 1'000'000;
  constexpr int kStepsMaximum = 1'000'000;
  constexpr int kLayersMaximum = 1000;
  constexpr Flags::Range kPixels{.minimum = 320, .maximum = 16384};
  flags.add("--frames", frames_, {1, kFramesMaximum}, "frames to draw, one a step (default: 60)");
  flags.add("--screenshot", screenshot_,
            "write the last frame to this .png, .svg, .pdf or .csv file");
  flags.add("--width", width_, kPixels, "pixels (default: 1600)");
  flags.add("--height", height_, kPixels, "pixels (default: 1000)");
  flags.add("--panel", panel_, "that panel alone instead of the window");
  flags.add_reader(
      "--scale", "N",
      [this](const std::string& text) {
        const auto scale = core::parse_number<double>(text);
        if (!scale || !(*scale >= 1 && *scale <= 4)) {
          throw core::UsageError({.what = "--scale", .found = text, .expected = "1 to 4"});
        }
        scale_ = static_cast<float>(*scale);
      },
      "pixels of a PNG per pixel of the window (default: 1)");
  declare_size(flags);
  add_list(flags, "--changes", "STEP:KNOB=VALUE,...", changes_, change_from,
           "knobs to change before these steps");
  declare_second_run(flags);
  declare_study(flags);
  flags.add_reader(
      "--at", "STEP",
      [this](const std::string& text) {
        at_ = core::parse_number<std::int64_t>(text);
        if (!at_ || *at_ > kStepsMaximum) {
          throw core::UsageError({.what = "--at", .found = text, .expected = "a step"});
        }
      },
      "show this step (default: the last)");
  flags.add("--layer", layer_, {0, kLayersMaximum}, "in the panels that show one (default: 0)");
  flags.add_reader(
      "--range", "FIRST:LAST", [this](const std::string& text) { range_ = range_from(text); },
      "of all step axes (default: the whole run)");
  flags.add_reader(
      "--do", "ACTION,...", [this](const std::string& text) { actions_ = parts_of(text); },
      "actions of the palette, before the picture is taken");
}

void FigureOptions::declare_size(Flags& flags) {
  flags.add_reader(
      "--size", "WxH",
      [this](const std::string& text) {
        size_ = size_from("--size", text, {32, 16384});
      },
      "pixels of the picture of a panel, as in 900x500 (default: those of its card)");
  flags.add_reader(
      "--mm", "WxH",
      [this](const std::string& text) {
        millimetres_ = size_from("--mm", text, {10, 1000});
      },
      "a panel for print, this large in millimetres, as in 85x55: no card, axis labels, white");
  flags.add_reader(
      "--pt", "N",
      [this](const std::string& text) {
        const auto points = core::parse_number<double>(text);
        if (!points || !(*points >= 4 && *points <= 24)) {
          throw core::UsageError({.what = "--pt", .found = text, .expected = "4 to 24"});
        }
        points_ = static_cast<float>(*points);
      },
      "size of the letters of a figure for print, points (default: 8)");
  flags.add_reader(
      "--dpi", "N",
      [this](const std::string& text) {
        const auto dpi = core::parse_number<double>(text);
        if (!dpi || !(*dpi >= 36 && *dpi <= 1200)) {
          throw core::UsageError({.what = "--dpi", .found = text, .expected = "36 to 1200"});
        }
        dpi_ = static_cast<float>(*dpi);
      },
      "pixels per inch of a PNG for print (default: 300)");
}

std::optional<app::PrintSize> FigureOptions::print() const {
  const bool pdf = !screenshot_.empty() && panel_ &&
                   app::figure_format_of(screenshot_) == app::FigureFormat::pdf;
  if (!millimetres_ && !points_ && !dpi_ && !(pdf && !size_)) return std::nullopt;
  if (!panel_) {
    throw core::UsageError({.what = millimetres_ ? "--mm"
                                    : points_    ? "--pt"
                                                 : "--dpi",
                            .found = "the whole window",
                            .expected = "one panel: --panel beside it"});
  }
  app::PrintSize print;
  if (millimetres_) print.width_mm = millimetres_->width;
  if (millimetres_) print.height_mm = millimetres_->height;
  if (points_) print.text_pt = *points_;
  if (dpi_) print.dpi = *dpi_;
  return print;
}

void FigureOptions::declare_second_run(Flags& flags) {
  flags.add_reader(
      "--compare", "TOKENS",
      [this](const std::string& text) {
        const auto tokens = app::compared_tokens_of(text);
        if (!tokens) {
          throw core::UsageError(
              {.what = "--compare",
               .found = "'" + text + "'",
               .expected = "own (it draws its tokens) or same (those of the first)"});
        }
        compares_ = true;
        second_.tokens = *tokens;
      },
      "make a second run, B, beside the first: fed its own tokens or the same");
  add_list(flags, "--compare-knobs", "KNOB=VALUE,...", second_.knobs, knob_value_from,
           "knobs of B that are not those of the first");
  add_list(flags, "--compare-changes", "STEP:KNOB=VALUE,...", second_.changes, change_from,
           "knobs of B to change before these steps");
}

void FigureOptions::declare_study(Flags& flags) {
  flags.add("--study", study_, "open this folder of results beside the run");
  flags.add_reader(
      "--study-filter", "WORDS", [this](const std::string& text) { study_choice_.filter = text; },
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
        study_choice_.order = text.substr(0, colon);
        study_choice_.descending = colon != std::string::npos;
      },
      "its rows by this column");
}

app::OffscreenOptions FigureOptions::offscreen(const std::stop_token& stop) const {
  if (!compares_ && (!second_.knobs.empty() || !second_.changes.empty())) {
    throw core::UsageError({.what = second_.knobs.empty() ? "--compare-changes" : "--compare-knobs",
                            .expected = "--compare own or --compare same beside it"});
  }
  app::OffscreenOptions offscreen{.frames = frames_,
                                  .size = {static_cast<float>(width_), static_cast<float>(height_)},
                                  .panel = panel_.value_or(""),
                                  .scale = scale_,
                                  .figure_size = size_,
                                  .print = print(),
                                  .changes = changes_,
                                  .at = at_,
                                  .layer = layer_,
                                  .range = range_,
                                  .actions = actions_,
                                  .study = study_,
                                  .study_choice = study_choice_,
                                  .stop = stop};
  if (compares_) offscreen.compare = second_;
  if (!screenshot_.empty()) offscreen.screenshot = screenshot_;
  if (offscreen.screenshot) static_cast<void>(app::figure_format_of(screenshot_));
  return offscreen;
}

}  // namespace sketchscope::cli
