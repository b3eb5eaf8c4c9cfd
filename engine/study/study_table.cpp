#include "engine/study/study_table.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/schedule/run_totals.hpp"

namespace sketchscope::study {
namespace {

using Json = nlohmann::json;
constexpr std::string_view kTiming = "timing.";

// Collects the numbers of an object and of nested objects under dotted names. Lists are skipped, as
// a table cell cannot hold them.
void flatten(const Json& object, const std::string& prefix,
             std::map<std::string, double>& figures) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_number()) figures[prefix + key] = value.get<double>();
    if (value.is_object()) flatten(value, prefix + key + ".", figures);
  }
}

std::vector<StudyText> texts_of(const Json& result) {
  std::vector<StudyText> texts;
  for (const Json& chunk : result.value("chunks", Json::array())) {
    StudyText text{.steps = chunk.value("steps", 0.0)};
    flatten(chunk, "", text.figures);
    texts.push_back(std::move(text));
  }
  return texts;
}

StudyRow row_of(const Json& result) {
  StudyRow row{.name = result.at("name").get<std::string>(),
               .baseline = result.value("baseline", ""),
               .knobs = settings::recorded_knobs(result.at("config")),
               .texts = texts_of(result.at("result")),
               .row_loads = result.at("result").value("sketch_row_loads", std::vector<double>())};
  flatten(result.at("result"), "", row.figures);
  flatten(result.at("memory"), "memory.", row.figures);
  flatten(result.at("timing"), std::string(kTiming), row.figures);
  if (!row.texts.empty()) row.figures["texts"] = static_cast<double>(row.texts.size());
  return row;
}

std::string quoted(const std::string& text) {
  std::string cell = "\"";
  for (const char letter : text) cell += letter == '"' ? "\"\"" : std::string(1, letter);
  return cell + "\"";
}

enum class Part : std::uint8_t { figures, times };

std::string csv(std::span<const StudyRow> rows, Part part) {
  std::set<std::string> columns;
  for (const StudyRow& row : rows) {
    for (const auto& [name, value] : row.figures) {
      if (name.starts_with(kTiming) == (part == Part::times)) columns.insert(name);
    }
  }
  std::string text = "name,baseline";
  if (part == Part::figures) {
    for (const settings::KnobInfo& knob : settings::knob_table())
      text += "," + std::string(knob.name);
  }
  for (const std::string& column : columns) text += "," + column;
  text += '\n';
  for (const StudyRow& row : rows) {
    text += quoted(row.name) + "," + quoted(row.baseline);
    if (part == Part::figures) {
      for (const settings::KnobInfo& knob : settings::knob_table()) {
        const std::string value = settings::knob_text(row.knobs, knob);
        text += "," + (knob.is_text() ? quoted(value) : value);
      }
    }
    for (const std::string& column : columns) {
      const auto value = row.figure(column);
      text += "," + (value ? core::number_text(*value) : "");
    }
    text += '\n';
  }
  return text;
}

constexpr std::array<std::string_view, 7> kFamilyKnobs = {
    "policy", "formula", "granularity", "read", "aggregate", "kv", "sketch"};

std::string family_of(const StudyRow& row, const std::set<std::string_view>& varying) {
  if (!row.baseline.empty()) return row.baseline;
  std::string family;
  for (const std::string_view name : kFamilyKnobs) {
    if (!varying.contains(name)) continue;
    const settings::KnobInfo& knob = settings::knob_info(name);
    if (knob.is_text() && !knob.has_effect(row.knobs)) continue;
    std::string word = settings::knob_text(row.knobs, knob);
    if (name == "read" && row.knobs.read->takes_k && varying.contains("read_k")) {
      word += " " + std::to_string(row.knobs.read_k);
    }
    family += (family.empty() ? "" : ", ") + word;
  }
  return family.empty() ? row.knobs.policy.name() : family;
}

}  // namespace

std::optional<double> StudyRow::figure(const std::string& figure_name) const {
  const auto found = figures.find(figure_name);
  return found == figures.end() ? std::nullopt : std::optional(found->second);
}

std::vector<StudyRow> study_rows(std::span<const Json> results) {
  std::vector<StudyRow> rows;
  for (const Json& result : results) {
    rows.push_back(with_study_json([&] { return row_of(result); }));
  }
  return rows;
}

void write_summary(const std::filesystem::path& folder, const StudyResults& results) {
  Json rows = Json::array();
  for (Json result : results.results) {
    result.erase("timing");
    result.erase("schema");
    rows.push_back(std::move(result));
  }
  Json summary = {{"schema", kSummarySchema},
                  {"study", results.study},
                  {"missing", results.missing},
                  {"results", std::move(rows)}};
  if (!results.missing.empty()) summary["partial"] = true;
  const std::vector<StudyRow> table = study_rows(results.results);
  core::write_file(folder / "summary.json", summary.dump(1) + '\n');
  core::write_file(folder / "summary.csv", csv(table, Part::figures));
  core::write_file(folder / "times.csv", csv(table, Part::times));
}

Criterion criterion_of(std::span<const StudyRow> rows) {
  const std::array<Criterion, 2> known = {
      {{"logit_kl", "logit KL against the full cache, nats"}, {"perplexity", "perplexity"}}};
  return *std::ranges::max_element(known, {}, [&](const Criterion& criterion) {
    return std::ranges::count_if(
        rows, [&](const StudyRow& row) { return row.figure(criterion.figure).has_value(); });
  });
}

std::optional<double> total_bytes(const StudyRow& row) {
  return row.figure("memory.total_bytes");
}

std::vector<std::size_t> pareto_front(std::span<const StudyRow> rows, const std::string& figure) {
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (total_bytes(rows[at]) && rows[at].figure(figure)) order.push_back(at);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t at) {
    return std::pair(*total_bytes(rows[at]), *rows[at].figure(figure));
  });
  std::vector<std::size_t> front;
  for (const std::size_t at : order) {
    if (front.empty() || *rows[at].figure(figure) < *rows[front.back()].figure(figure)) {
      front.push_back(at);
    }
  }
  return front;
}

std::vector<std::string> families(std::span<const StudyRow> rows) {
  std::set<std::string_view> varying;
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    std::set<std::string> texts;
    for (const StudyRow& row : rows) {
      if (row.baseline.empty()) texts.insert(settings::knob_text(row.knobs, knob));
    }
    if (texts.size() > 1) varying.insert(knob.name);
  }
  std::vector<std::string> names;
  for (const StudyRow& row : rows) names.push_back(family_of(row, varying));
  return names;
}

std::optional<measure::Estimate> difference_of(std::span<const StudyRow* const> left,
                                               std::span<const StudyRow* const> right,
                                               const std::string& figure) {
  if (left.empty() || right.empty()) return std::nullopt;
  const std::size_t texts = left.front()->texts.size();
  const auto median_at = [&](std::span<const StudyRow* const> rows,
                             std::size_t text) -> std::optional<double> {
    std::vector<double> values;
    for (const StudyRow* row : rows) {
      if (row->texts.size() != texts || !row->texts[text].figures.contains(figure)) {
        return std::nullopt;
      }
      values.push_back(row->texts[text].figures.at(figure));
    }
    return schedule::percentile(std::move(values), 0.5);
  };
  std::vector<measure::Portion> differences;
  for (std::size_t text = 0; text < texts; ++text) {
    const auto of_left = median_at(left, text), of_right = median_at(right, text);
    if (!of_left || !of_right) return std::nullopt;
    const double steps = left.front()->texts[text].steps;
    differences.push_back({.sum = steps * (*of_left - *of_right), .weight = steps});
  }
  return measure::estimate_mean(differences);
}

std::optional<double> median_of(std::span<const StudyRow* const> rows, const std::string& figure) {
  std::vector<double> values;
  for (const StudyRow* row : rows) {
    if (const auto value = row->figure(figure)) values.push_back(*value);
  }
  return schedule::percentile(std::move(values), 0.5);
}

}  // namespace sketchscope::study
