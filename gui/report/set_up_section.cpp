#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text.hpp"
#include "gui/report/study_figures.hpp"

namespace sketchscope::report {
namespace {

std::string count(const nlohmann::json& workload, const char* key) {
  return std::to_string(workload.value(key, 0));
}

std::string lengths_text(const nlohmann::json& workload) {
  std::string text;
  for (const auto& length : workload.at("lengths")) {
    text += (text.empty() ? "" : ", ") + std::to_string(length.get<int>());
  }
  return text;
}

/// Describes a workload, such as "3 prompts of 192 tokens, each continued by 64".
std::string workload_text(const nlohmann::json& workload) {
  std::string text;
  if (workload.contains("prompts")) {
    const auto& prompts = workload["prompts"];
    const std::size_t number = prompts.is_array() ? prompts.size() : prompts.get<std::size_t>();
    text += std::to_string(number) + " prompts at total lengths of " + lengths_text(workload) +
            " tokens, of which the last " + count(workload, "new_tokens") +
            " are given one by one and scored, and written freely beside that. ";
  }
  if (workload.contains("text_tokens")) {
    text += "The first " + count(workload, "text_tokens") +
            " tokens of a text, fed one by one in chunks that each begin with an empty cache" +
            (workload.contains("context") ? " (" + count(workload, "context") + " tokens)" : "") +
            ". ";
  }
  if (workload.contains("questions")) {
    text +=
        count(workload, "questions") + " questions about facts told " +
        count(workload, "distance_from") + " to " + count(workload, "distance_to") +
        " tokens before, from tales of the program's own generator (test split) and not from the "
        "text of the study. ";
  }
  return text;
}

}  // namespace

Section set_up_section(const StudyView& study) {
  const study::StudyResults& results = study.results;
  Section section{.heading = "Set-up"};
  section.blocks.emplace_back(Paragraph{
      "GPT-2 writes a text token by token and keeps a key and a value of every token in every "
      "layer: the cache. Here that cache is capped. When it is full, a policy decides which "
      "position leaves; what is gone can no longer be attended to. Every configuration was fed "
      "the same tokens as a full cache beside it, in the same forward passes."});
  section.blocks.emplace_back(
      Paragraph{"Model: " + results.study.value("model", "") +
                ". Program: " + results.study.value("version", "") +
                ". Tokens: " + results.study.value("material", "") + " (fingerprint). " +
                workload_text(results.study.value("workload", nlohmann::json::object()))});
  Table table{.columns = {{"knob", ColumnKind::words},
                          {"values", ColumnKind::words},
                          {"what it is", ColumnKind::words}}};
  for (const settings::KnobInfo& knob : settings::knob_table()) {
    if (knob.group == settings::KnobGroup::branching) continue;
    std::vector<std::string> values;
    for (const study::StudyRow& row : study.rows) {
      const std::string text = settings::knob_text(row.knobs, knob);
      if (std::ranges::find(values, text) == values.end()) values.push_back(text);
    }
    const std::string joined = core::join({values.begin(), values.end()});
    table.rows.push_back({{std::string(knob.name)},
                          {joined, values.size() > 1 ? Mark::good : Mark::none},
                          {std::string(knob.help), Mark::quiet}});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section glossary_section() {
  constexpr std::array<std::pair<const char*, const char*>, 15> kWords = {{
      {"perplexity",
       "e to the mean surprise per token of the text, in nats; lower is better. “× "
       "full” divides it by the full cache's on the same tokens; in brackets its 95 % interval, "
       "resampled over texts."},
      {"texts",
       "how many pieces of text were scored and resampled for the intervals; few of them give "
       "a rough interval."},
      {"logit KL",
       "how far the next-token distribution lies from the full cache's, in nats, mean "
       "over tokens; 0 is no difference."},
      {"same top token", "share of steps at which the likeliest next token is the full cache's."},
      {"attention KL",
       "the same distance between attention over what was kept and over everything, "
       "under the same query, mean over steps, layers and heads."},
      {"BLEU-4", "likeness of the freely written continuation to the full cache's, 0 to 1."},
      {"same tokens", "share of places at which both continuations have the same token."},
      {"recall",
       "share of questions about far-back facts answered exactly right; the questions are about "
       "tales of the program's own generator, whatever text was scored."},
      {"load by row", "share of the cells of each row of the sketch that are filled at the end."},
      {"bytes", "keys, values, sketch, exact statistics and summary of one lane at its end."},
      {"bookkeeping", "of them, sketch, exact statistics and summary."},
      {"retained mass",
       "share of attention that falls on what was kept, under the same query; mean over steps, "
       "layers and heads."},
      {"policy, ms", "computation a token that a lane's own policy, statistics and sketch took."},
      {"evictions", "positions that left, over all layers and texts."},
      {"baselines",
       "full: nothing leaves; window: the first few and the most recent stay; int8 and "
       "int4: nothing leaves, stored in 8 or 4 bits."},
  }};
  Table table{.columns = {{"word", ColumnKind::words}, {"meaning", ColumnKind::words}}};
  for (const auto& [word, meaning] : kWords) table.rows.push_back({{word}, {meaning}});
  return {.heading = "What the words mean", .blocks = {std::move(table)}};
}

}  // namespace sketchscope::report
