#include "engine/study/study_run.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/measure/continuation.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/measure/recall.hpp"
#include "engine/study/batch_measurement.hpp"
#include "engine/study/study_table.hpp"
#include "tests/support/reference_passage.hpp"
#include "tests/support/small_study.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::study {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
class StudyRun : public support::SmallStudy {};

TEST_F(StudyRun, GivesEachConfigurationWhatItGetsAlone) {
  const auto together =
      measure_batch(model_.model, grid_.configurations, material_, {.lanes = 200}, {}, {});
  ASSERT_EQ(together.size(), grid_.configurations.size());
  for (std::size_t at = 0; at < together.size(); ++at) {
    const Configuration& one = grid_.configurations[at];
    const auto alone = measure_batch(model_.model, {&one, 1}, material_, {.lanes = 1}, {}, {});
    EXPECT_EQ(figures_of(result_json(one, together[at])), figures_of(result_json(one, alone[0])));
  }
}

// The results of ReferenceRun for all texts under some knobs.
struct ReferenceScores {
  std::vector<double> nll;
  std::vector<double> full_nll;
  std::vector<double> logit_kl;
  double retained_mass = 0;
  double top1_agreement = 0;
  std::size_t evictions = 0;
};

ReferenceScores reference_scores(const settings::Knobs& knobs,
                                 const std::vector<std::vector<int>>& texts) {
  ReferenceScores scores;
  std::size_t steps = 0;
  for (const std::vector<int>& text : texts) {
    const auto own = support::reference_passage({}, knobs, {.given = text});
    const auto full = support::reference_passage({}, {.policy = "full"}, {.given = text});
    scores.nll.push_back(own.nll);
    scores.full_nll.push_back(full.nll);
    scores.logit_kl.push_back(support::mean_logit_kl(full, own));
    for (const double mass : own.retained_mass) scores.retained_mass += mass;
    scores.top1_agreement += support::top1_agreement(full, own) * static_cast<double>(text.size());
    scores.evictions += own.evictions;
    steps += text.size();
  }
  scores.retained_mass /= static_cast<double>(steps);
  scores.top1_agreement /= static_cast<double>(steps);
  return scores;
}

TEST_F(StudyRun, ScoresEachTextAsAnIndependentImplementationDoes) {
  material_.continuations.clear();
  material_.questions.clear();
  const auto results =
      measure_batch(model_.model, grid_.configurations, material_, {.lanes = 20}, {}, {});
  int compared = 0;
  for (std::size_t at = 0; at < results.size(); ++at) {
    const settings::Knobs& knobs = grid_.configurations[at].knobs;
    if (!support::has_reference(knobs)) continue;
    ++compared;
    SCOPED_TRACE(grid_.configurations[at].name);
    const ReferenceScores expected = reference_scores(knobs, material_.chunks);
    ASSERT_EQ(results[at].scores.size(), material_.chunks.size());
    for (std::size_t chunk = 0; chunk < material_.chunks.size(); ++chunk) {
      EXPECT_EQ(results[at].scores[chunk].scored, std::ssize(material_.chunks[chunk]) - 1);
      EXPECT_NEAR(results[at].scores[chunk].nll, expected.nll[chunk], 1e-3);
      EXPECT_NEAR(results[at].full_scores[chunk].nll, expected.full_nll[chunk], 1e-3);
      EXPECT_NEAR(*results[at].divergences[chunk].logit_kl, expected.logit_kl[chunk], 1e-4);
    }
    const schedule::RunTotals& totals = results[at].totals;
    EXPECT_EQ(totals.evictions(), static_cast<std::int64_t>(expected.evictions));
    EXPECT_NEAR(*totals.figure<&record::LayerRecord::retained_mass>(), expected.retained_mass,
                1e-4);
    EXPECT_NEAR(*totals.figure<&record::StepRecord::top1_agrees>(), expected.top1_agreement, 1e-9);
  }
  EXPECT_EQ(compared, 3 * 2 + 1);
}

TEST_F(StudyRun, KeepsTheCapacityOfEachConfiguration) {
  material_.continuations.clear();
  material_.questions.clear();
  const auto results =
      measure_batch(model_.model, grid_.configurations, material_, {.lanes = 20}, {}, {});
  for (std::size_t at = 0; at < results.size(); ++at) {
    SCOPED_TRACE(grid_.configurations[at].name);
    const settings::Knobs& knobs = grid_.configurations[at].knobs;
    const schedule::RunTotals& totals = results[at].totals;
    if (!knobs.policy->evicts) {
      EXPECT_EQ(totals.evictions(), 0);
      continue;
    }
    // Two layers, two chunks longer than any capacity, and two heads if heads have their own
    // tables.
    const int victims = 2 * 2 * (64 - knobs.max_cache_size) *
                        (knobs.granularity == settings::Granularity::head ? 2 : 1);
    if (knobs.target == settings::TargetKind::none) {
      EXPECT_EQ(totals.evictions(), victims);
      EXPECT_EQ(totals.figure<&record::LayerRecord::capacity>(), knobs.max_cache_size);
    } else {
      EXPECT_LT(totals.evictions(), victims);
      EXPECT_GT(totals.figure<&record::LayerRecord::capacity>(), knobs.max_cache_size);
    }
  }
}

TEST_F(StudyRun, HoldsALogitTargetByTheTwinThatEveryLaneOfATextShares) {
  const Grid grid = grid_from_json(Json::parse(R"({
      "base": {"policy": "heavy-hitter", "max_cache_size": 8, "sinks": 2, "recent_window": 3,
               "target": "logit-kl"},
      "blocks": [{"target_value": [0.001, 0.01]}],
      "quick": {"text_tokens": 130}})"),
                                   "grid", Extent::quick, support::TinyModelOptions{}.config);
  const auto text = support::invented_tokens(1, 130);
  const StudyMaterial material = make_material(grid.workload, model_, text, {});
  const auto results = measure_batch(model_.model, grid.configurations, material, {}, {}, {});
  ASSERT_EQ(results.size(), 2U);
  for (std::size_t at = 0; at < results.size(); ++at) {
    const settings::Knobs& knobs = grid.configurations[at].knobs;
    const measure::Evaluation single =
        measure::evaluate(model_.model, text, {.knobs = knobs, .twin = true, .lanes = 1}, {}, {});
    EXPECT_NEAR(*results[at].totals.figure<&record::StepRecord::logit_kl>(),
                *single.totals.figure<&record::StepRecord::logit_kl>(), 1e-9);
    EXPECT_NEAR(*results[at].totals.figure<&record::LayerRecord::capacity>(),
                *single.totals.figure<&record::LayerRecord::capacity>(), 1e-9);
    EXPECT_GT(*results[at].totals.figure<&record::LayerRecord::capacity>(), knobs.max_cache_size);
  }
}

TEST_F(StudyRun, ContinuesPromptsAsAnIndependentImplementationDoes) {
  const auto results =
      measure_batch(model_.model, grid_.configurations, material_, {.lanes = 40}, {}, {});
  for (std::size_t at = 0; at < results.size(); ++at) {
    SCOPED_TRACE(grid_.configurations[at].name);
    const settings::Knobs& knobs = grid_.configurations[at].knobs;
    ASSERT_EQ(results[at].continuations.size(), material_.continuations.size());
    for (std::size_t prompt = 0; prompt < material_.continuations.size(); ++prompt) {
      const ContinuationResult& one = results[at].continuations[prompt];
      EXPECT_EQ(one.tokens.size(), 10U);
      if (!support::has_reference(knobs)) continue;
      const schedule::Passage passage{.prompt = material_.continuations[prompt].prompt,
                                      .drawn = {.tokens = 10}};
      const auto full = support::reference_passage({}, {.policy = "full"}, passage).drawn;
      EXPECT_EQ(one.tokens, support::reference_passage({}, knobs, passage).drawn);
      EXPECT_EQ(one.likeness.agreed, measure::compare_continuation(one.tokens, full).agreed);
    }
  }
}

TEST_F(StudyRun, AsksQuestionsAsAnIndependentImplementationDoes) {
  const auto answered = [](const measure::RecallQuestion& question, const settings::Knobs& knobs) {
    return support::reference_passage(
               {}, knobs,
               {.prompt = question.context, .given = question.question, .drawn = {.tokens = 2}})
        .drawn;
  };
  // The full cache's answers are made the right ones, so that some answers are right.
  for (measure::RecallQuestion& question : material_.questions) {
    question.answer = answered(question, {.policy = "full"});
  }
  const auto results =
      measure_batch(model_.model, grid_.configurations, material_, {.lanes = 40}, {}, {});
  int right = 0;
  int wrong = 0;
  for (std::size_t at = 0; at < results.size(); ++at) {
    const settings::Knobs& knobs = grid_.configurations[at].knobs;
    ASSERT_EQ(results[at].answers.size(), material_.questions.size());
    if (!support::has_reference(knobs)) continue;
    for (std::size_t answer = 0; answer < material_.questions.size(); ++answer) {
      const measure::RecallQuestion& question = material_.questions[answer];
      EXPECT_EQ(results[at].answers[answer].right, answered(question, knobs) == question.answer);
      ++(results[at].answers[answer].right ? right : wrong);
    }
  }
  EXPECT_GT(right, 3) << "more than the full cache's own";
  EXPECT_GT(wrong, 0);
}

TEST_F(StudyRun, MeasuresNoDifferenceOfTheFullCacheFromItself) {
  const auto full = std::ranges::find(grid_.configurations, "full", &Configuration::baseline);
  const auto result = measure_batch(model_.model, {&*full, 1}, material_, {}, {}, {}).front();
  EXPECT_EQ(result.totals.figure<&record::StepRecord::logit_kl>(), 0);
  EXPECT_EQ(result.totals.figure<&record::StepRecord::top1_agrees>(), 1);
  EXPECT_EQ(result.totals.evictions(), 0);
  for (const ContinuationResult& one : result.continuations) {
    EXPECT_TRUE(one.likeness.identical());
    EXPECT_EQ(one.likeness.bleu4, 1);
  }
}

TEST_F(StudyRun, FindsEstimatesWithinTheirBoundWhereASketchNeverUnderestimates) {
  const auto results =
      measure_batch(model_.model, grid_.configurations, material_, {.lanes = 40}, {}, {});
  int with_sketch = 0;
  for (std::size_t at = 0; at < results.size(); ++at) {
    const settings::Knobs& knobs = grid_.configurations[at].knobs;
    ASSERT_EQ(results[at].estimates.has_value(), settings::uses_sketch(knobs));
    if (!results[at].estimates) continue;
    ++with_sketch;
    EXPECT_NEAR(results[at].estimates->bound, std::exp(1.0) / knobs.sketch_width, 1e-6);
    EXPECT_LE(results[at].estimates->mean, results[at].estimates->largest);
  }
  EXPECT_EQ(with_sketch, 4);
}

TEST_F(StudyRun, MeasuresTheLoadOfEveryRowAndTheBoundByText) {
  run(StudyFolder::Existing::refuse);
  for (const StudyRow& row : study_rows(read_study(out()).results)) {
    const bool has_table = row.knobs.policy->uses_sketch && row.baseline.empty();
    ASSERT_EQ(row.row_loads.size(), has_table ? 4U : 0U) << row.name;
    for (const double load : row.row_loads) {
      EXPECT_GT(load, 0) << row.name;
      EXPECT_LE(load, 1) << row.name;
    }
    for (const StudyText& text : row.texts) {
      EXPECT_EQ(text.figures.contains("within_bound"), has_table) << row.name;
    }
  }
}

TEST_F(StudyRun, SumsUpEveryConfigurationInATable) {
  run(StudyFolder::Existing::refuse);
  const StudyResults results = read_study(out());
  const auto rows = study_rows(results.results);
  ASSERT_EQ(rows.size(), grid_.configurations.size());
  for (std::size_t at = 0; at < rows.size(); ++at) {
    EXPECT_EQ(rows[at].name, grid_.configurations[at].name);
    EXPECT_EQ(rows[at].knobs, grid_.configurations[at].knobs);
    for (const char* figure : {"perplexity", "logit_kl", "continuation.bleu4", "recall.share",
                               "memory.total_bytes", "timing.own_policy_ms"}) {
      EXPECT_TRUE(rows[at].figure(figure)) << figure;
    }
  }
  write_summary(out(), results);
  const std::string csv = support::read_bytes(out() / "summary.csv");
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, '\n')), rows.size() + 1);
  EXPECT_THAT(csv, ::testing::Not(HasSubstr("timing.")));
  EXPECT_THAT(support::read_bytes(out() / "times.csv"), HasSubstr("timing.step_ms_p50"));
}

}  // namespace
}  // namespace sketchscope::study
