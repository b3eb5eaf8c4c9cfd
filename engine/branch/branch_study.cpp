#include "engine/branch/branch_study.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "engine/measure/evaluation.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope::branch {
namespace {

// Returns one setting per value; `set` puts the value into its setting.
std::vector<StudySetting> settings_of(const BranchOptions& base, std::initializer_list<int> values,
                                      void (*set)(StudySetting& setting, int value)) {
  std::vector<StudySetting> settings;
  for (const int value : values) {
    settings.push_back({.x = static_cast<double>(value), .options = base});
    set(settings.back(), value);
  }
  return settings;
}

std::vector<StudySetting> prompt_lengths(const BranchOptions& base) {
  return settings_of(base, {50, 100, 200, 300, 500, 700, 900},
                     [](StudySetting& setting, int length) { setting.prompt_tokens = length; });
}

std::vector<StudySetting> sample_counts(const BranchOptions& base) {
  return settings_of(base, {5, 10, 20, 50}, [](StudySetting& setting, int paths) {
    setting.options.knobs.max_paths = paths;
  });
}

std::vector<StudySetting> generated_lengths(const BranchOptions& base) {
  return settings_of(base, {10, 30, 50, 100}, [](StudySetting& setting, int length) {
    setting.prompt_tokens = 100;
    setting.options.max_new_tokens = length;
  });
}

std::vector<StudySetting> thresholds_and_temperatures(const BranchOptions& base) {
  std::vector<StudySetting> settings;
  for (const double temperature : {0.5, 0.7, 0.9, 1.1, 1.3}) {
    for (const double threshold : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}) {
      StudySetting setting{.x = threshold, .y = temperature, .options = base};
      setting.options.knobs.threshold = threshold;
      setting.options.knobs.temperature = temperature;
      settings.push_back(setting);
    }
  }
  return settings;
}

constexpr std::array kKinds = {
    BranchStudyKind{"prompt-length", "Cost against the prompt's length", "prompt tokens", "",
                    prompt_lengths},
    BranchStudyKind{"samples", "Cost against the number of paths", "max_paths", "", sample_counts},
    BranchStudyKind{"generated-length", "Cost against the generated length", "new tokens", "",
                    generated_lengths},
    BranchStudyKind{"threshold-temperature", "Cost by threshold and temperature", "threshold",
                    "temperature", thresholds_and_temperatures},
};

bool fits(const StudySetting& setting, const model::LoadedModel& model,
          const StudyRequest& request) {
  const int length = setting.prompt_tokens + setting.options.max_new_tokens - 1;
  return length <= model.model->config().positions &&
         static_cast<std::size_t>(setting.prompt_tokens) <= request.text.size();
}

BranchStudyRow row_of(const StudySetting& setting, int prompt, const BranchMeasurement& measured) {
  BranchStudyRow row{.x = setting.x,
                     .y = setting.y,
                     .prompt = prompt,
                     .prompt_tokens = setting.prompt_tokens,
                     .paths = static_cast<int>(measured.branching.paths.size()),
                     .distinct_2 = measured.plain.distinct_2.value_or(0),
                     .branching = measured.branching.meter.cost()};
  if (measured.copies) row.copies = measured.copies->cost();
  for (const SampledPath& path : measured.branching.paths) {
    row.sample_tokens += static_cast<double>(path.tokens.size());
  }
  for (const auto& [method, meter] : measured.baselines) {
    row.baselines.emplace(method, meter.cost());
  }
  return row;
}

}  // namespace

std::span<const BranchStudyKind> branch_study_kinds() {
  return kKinds;
}

double BranchStudyRow::token_ratio(SampleMethod method) const {
  return static_cast<double>(baselines.at(method).tokens_forwarded) /
         static_cast<double>(branching.tokens_forwarded);
}

double BranchStudyRow::published_token_ratio() const {
  return (paths * static_cast<double>(prompt_tokens) + sample_tokens) / sample_tokens;
}

double BranchStudyRow::time_ratio(SampleMethod method) const {
  return baselines.at(method).wall_ms / branching.wall_ms;
}

double BranchStudyRow::copy_byte_ratio() const {
  return static_cast<double>(copies.kv_bytes_peak) / static_cast<double>(branching.kv_bytes_peak);
}

std::vector<BranchStudyRow> run_branch_study(const model::LoadedModel& model,
                                             const BranchStudyKind& kind,
                                             const StudyRequest& request,
                                             const core::ProgressSink& progress,
                                             const std::stop_token& stop) {
  std::vector<StudySetting> settings = kind.settings(request.base);
  std::erase_if(settings,
                [&](const StudySetting& setting) { return !fits(setting, model, request); });
  std::vector<BranchStudyRow> rows;
  const auto all = settings.size() * static_cast<std::size_t>(request.prompts);
  // The outer loop is over prompts, so that a temporary slowdown of the machine affects all
  // settings.
  for (int prompt = 0; prompt < request.prompts; ++prompt) {
    for (const StudySetting& setting : settings) {
      BranchOptions options = setting.options;
      options.stop_at_end_of_text = false;
      const auto window =
          measure::window_of(request.text, setting.prompt_tokens, prompt, request.prompts);
      options.prompt.assign(window.begin(), window.end());
      const BranchMeasurement measured =
          measure_branching(model, options, CacheChoice::both, {}, stop);
      if (stop.stop_requested()) return rows;
      rows.push_back(row_of(setting, prompt, measured));
      if (progress) progress(static_cast<double>(rows.size()) / static_cast<double>(all));
    }
  }
  return rows;
}

std::vector<StudyMedian> medians(std::span<const BranchStudyRow> rows,
                                 const std::function<double(const BranchStudyRow&)>& value) {
  std::vector<std::pair<StudyMedian, std::vector<double>>> settings;
  for (const BranchStudyRow& row : rows) {
    auto found = std::ranges::find_if(settings, [&](const auto& setting) {
      return setting.first.x == row.x && setting.first.y == row.y;
    });
    if (found == settings.end()) {
      found = settings.insert(found, {StudyMedian{.x = row.x, .y = row.y}, {}});
    }
    found->second.push_back(value(row));
  }
  std::vector<StudyMedian> result;
  for (auto& [median, values] : settings) {
    median.value = *schedule::percentile(values, 0.5);
    result.push_back(median);
  }
  return result;
}

}  // namespace sketchscope::branch
