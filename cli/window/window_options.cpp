#include "cli/window/window_options.hpp"

#include <utility>

#include "cli/common_options.hpp"
#include "cli/shipped_files.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/settings/knob_changes.hpp"
#include "engine/settings/knobs.hpp"

namespace sketchscope::cli {
namespace {

/// The window samples by default, so that restarts show different continuations.
settings::Knobs window_knobs() {
  return {.temperature = 0.7};
}

constexpr int kSpeedMaximum = 1'000'000;

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
  return {*step, settings::knob_value(flag, text.substr(colon + 1))};
}

settings::KnobValue knob_value_of(const char* flag, const std::string& text) {
  return settings::knob_value(flag, text);
}

/// Adds a flag whose value is a list of parts, each of which `parse(flag, part)` appends to
/// `values`.
template <class T>
void add_list(Flags& flags, const char* flag, const std::string& placeholder,
              std::vector<T>& values, T (*parse)(const char*, const std::string&),
              const std::string& help) {
  const auto read = [flag, &values, parse](const std::string& text) {
    for (const std::string& part : settings::list_parts(text)) values.push_back(parse(flag, part));
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
  constexpr Flags::Range kPixels{.minimum = 320, .maximum = 16384};
  flags.add("--frames", frames_, {1, kFramesMaximum}, "frames to draw, one a step (default: 60)");
  flags.add_output("--screenshot", screenshot_,
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
  size_.declare(flags);
  add_list(flags, "--changes", "STEP:KNOB=VALUE,...", changes_, change_from,
           "knobs to change before these steps");
  declare_second_run(flags);
  study_.declare(flags);
  look_.declare(flags);
  flags.add_reader(
      "--do", "ACTION,...",
      [this](const std::string& text) { actions_ = settings::list_parts(text); },
      "actions of the palette, before the picture is taken");
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
        others_.compares = true;
        others_.second.tokens = *tokens;
      },
      "make a second run, B, beside the first: fed its own tokens or the same");
  add_list(flags, "--compare-knobs", "KNOB=VALUE,...", others_.second.knobs, knob_value_of,
           "knobs of B that are not those of the first");
  add_list(flags, "--compare-changes", "STEP:KNOB=VALUE,...", others_.second.changes, change_from,
           "knobs of B to change before these steps");
  flags.add_reader(
      "--runs", "KNOB=VALUE,...;...",
      [this](const std::string& text) {
        others_.further = settings::list_parts(text, ';');
        for (const std::string& run : others_.further) {
          for (const std::string& change : settings::list_parts(run)) {
            static_cast<void>(settings::knob_value("--runs", change));
          }
        }
      },
      "further runs beside the first, fed the same tokens, by the knobs in which they differ");
  flags.add_reader(
      "--lay-over", "FILE,...",
      [this](const std::string& text) {
        for (const std::string& file : settings::list_parts(text))
          others_.laid_over.emplace_back(file);
      },
      "saved runs to show over it");
}

app::OffscreenOptions FigureOptions::offscreen(const std::stop_token& stop) const {
  if (!others_.compares && (!others_.second.knobs.empty() || !others_.second.changes.empty())) {
    throw core::UsageError(
        {.what = others_.second.knobs.empty() ? "--compare-changes" : "--compare-knobs",
         .expected = "--compare own or --compare same beside it"});
  }
  app::OffscreenOptions offscreen{.frames = frames_,
                                  .size = {static_cast<float>(width_), static_cast<float>(height_)},
                                  .panel = panel_.value_or(""),
                                  .scale = scale_,
                                  .figure_size = size_.pixels(),
                                  .print = size_.print({.panel = panel_, .file = screenshot_}),
                                  .changes = changes_,
                                  .runs = others_.further,
                                  .laid_over = others_.laid_over,
                                  .look = look_.look(),
                                  .actions = actions_,
                                  .study = study_.folder(),
                                  .study_choice = study_.choice(),
                                  .stop = stop};
  if (others_.compares) offscreen.compare = others_.second;
  if (!screenshot_.empty()) offscreen.screenshot = screenshot_;
  if (offscreen.screenshot) static_cast<void>(app::figure_format_of(screenshot_));
  return offscreen;
}

}  // namespace sketchscope::cli
