#include "engine/study/study_table.hpp"

#include <set>

#include "engine/core/files.hpp"
#include "engine/core/text.hpp"
#include "engine/study/study_schema.hpp"

namespace sketchscope {
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
    for (const KnobInfo& knob : knob_table()) text += "," + std::string(knob.name);
  }
  for (const std::string& column : columns) text += "," + column;
  text += '\n';
  for (const StudyRow& row : rows) {
    text += quoted(row.name) + "," + quoted(row.baseline);
    if (part == Part::figures) {
      for (const KnobInfo& knob : knob_table()) text += "," + knob_text(row.knobs, knob);
    }
    for (const std::string& column : columns) {
      const auto value = row.figure(column);
      text += "," + (value ? number_text(*value) : "");
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::optional<double> StudyRow::figure(const std::string& figure_name) const {
  const auto found = figures.find(figure_name);
  return found == figures.end() ? std::nullopt : std::optional(found->second);
}

std::vector<StudyRow> study_rows(std::span<const Json> results) {
  std::vector<StudyRow> rows;
  for (const Json& result : results) {
    StudyRow row{.name = result.at("name").get<std::string>(),
                 .baseline = result.value("baseline", ""),
                 .knobs = knobs_from_json(result.at("config"), {}),
                 .texts = texts_of(result.at("result"))};
    flatten(result.at("result"), "", row.figures);
    flatten(result.at("memory"), "memory.", row.figures);
    flatten(result.at("timing"), std::string(kTiming), row.figures);
    rows.push_back(std::move(row));
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
  const Json summary = {{"schema", kSummarySchema},
                        {"study", results.study},
                        {"missing", results.missing},
                        {"results", std::move(rows)}};
  const std::vector<StudyRow> table = study_rows(results.results);
  write_file(folder / "summary.json", summary.dump(1) + '\n');
  write_file(folder / "summary.csv", csv(table, Part::figures));
  write_file(folder / "times.csv", csv(table, Part::times));
}

}  // namespace sketchscope
