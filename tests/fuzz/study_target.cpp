#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/core/files.hpp"
#include "engine/study/study_folder.hpp"
#include "engine/study/study_table.hpp"
#include "gui/report/document.hpp"
#include "gui/report/study_report.hpp"
#include "gui/view/study_sheet.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

/// Writes the files of a study, whose names must be plain.
void write_study(const Files& files, const std::filesystem::path& folder) {
  std::filesystem::create_directory(folder / "results");
  for (const auto& [name, content] : files) {
    const bool of_study = name == "study.json" || name == "prompt.txt";
    if (of_study) support::write_bytes(folder / name, content);
    const bool plain =
        !name.empty() && name.size() < 100 &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_=,-") == std::string::npos;
    if (plain) support::write_bytes(folder / "results" / (name + ".json"), content);
  }
}

bool run_study(std::string_view input) {
  const support::TemporaryDirectory folder;
  write_study(split_files(input), folder.path());
  const auto results = accepted([&] { return study::read_study(folder.path()); });
  if (!results) return false;
  const auto sheet = accepted([&] { return view::study_sheet(*results); });
  if (sheet) {
    require(sheet->rows.size() == results->results.size(), "a result has no row");
    const auto chosen = view::select_rows(*sheet, "memory.total_bytes<1000 policy!=full", {});
    static_cast<void>(view::sheet_data(*sheet, chosen.rows));
  }
  static_cast<void>(accepted([&] {
    const report::Document document = report::study_report(*results);
    static_cast<void>(report::difference_report(*results, *results));
    return report::html_of(document).size() + report::markdown_of(document).size();
  }));
  static_cast<void>(accepted([&] { return study::write_summary(folder.path(), *results), true; }));
  return sheet.has_value();
}

/// Returns three configurations of the study that comes with the program, without white space.
std::string measured_study() {
  const std::filesystem::path folder =
      std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "assets/studies/small";
  nlohmann::json study = core::read_json_object(folder / "study.json");
  study["configurations"] = {"policy=window,max_cache_size=32,recent_window=8",
                             "policy=sketch,max_cache_size=64,recent_window=16", "baseline=full"};
  Files files;
  for (const std::string name : study["configurations"]) {
    files[name] = core::read_json_object(folder / "results" / (name + ".json")).dump();
  }
  files["study.json"] = study.dump();
  return join_files(files);
}

std::vector<std::string> study_seeds() {
  const std::string result =
      R"({"schema":"sketchscope/study-result/1","name":"NAME","baseline":"BASE","config":)"
      R"({"policy":"window","max_cache_size":64},"result":{"perplexity":3.5,"logit_kl":0.1,)"
      R"("evictions":12,"chunks":[{"steps":10,"logit_kl":0.2},{"steps":12,"logit_kl":0.1}]},)"
      R"("memory":{"total_bytes":1000,"kv_bytes":900,"kv_full_bytes":2000},)"
      R"("timing":{"step_ms_p50":1.5}})";
  const auto of = [&](const std::string& name, const std::string& baseline) {
    std::string text = result;
    text.replace(text.find("NAME"), 4, name);
    text.replace(text.find("BASE"), 4, baseline);
    return text;
  };
  return {
      measured_study(),
      join_files(
          {{"study.json",
            R"({"schema":"sketchscope/study/1","version":"1","model":"m","material":"0","name":"n",)"
            R"("question":"q","grid":{},"workload":{"text_tokens":100},)"
            R"("configurations":["a","b","baseline=full"]})"},
           {"prompt.txt", "a prompt"},
           {"a", of("a", "")},
           {"baseline=full", of("baseline=full", "full")}})};
}

}  // namespace

Target study_target() {
  return {"study", "a study and its results, as table and report", run_study, study_seeds};
}

}  // namespace sketchscope::fuzz
