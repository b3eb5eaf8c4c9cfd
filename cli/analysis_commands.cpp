#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/common_options.hpp"
#include "cli/output.hpp"
#include "cli/result_output.hpp"
#include "cli/subcommand.hpp"
#include "cli/text_input.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/corpus/corpus.hpp"
#include "engine/measure/counter_study.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/measure/heads.hpp"
#include "engine/measure/run_json.hpp"
#include "engine/model/prompt.hpp"
#include "engine/model/start_token.hpp"

namespace sketchscope::cli {
namespace {

// The mean masses from which the summary counts a head as a sink or as an induction head.
constexpr double kIsSink = 0.2, kIsInduction = 0.4;

/// A mean attention mass of a head and its name in files.
struct HeadMass {
  const char* name;
  std::optional<double> measure::HeadStructure::*value;
};
constexpr std::array kMasses = {
    HeadMass{"sink", &measure::HeadStructure::sink},
    HeadMass{"previous", &measure::HeadStructure::previous},
    HeadMass{"induction", &measure::HeadStructure::induction},
};

bool is_measured(const std::vector<measure::HeadStructure>& heads) {
  return std::ranges::any_of(heads, [](const measure::HeadStructure& head) {
    return std::ranges::any_of(
        kMasses, [&](const HeadMass& mass) { return (head.*mass.value).has_value(); });
  });
}

nlohmann::json heads_json(const std::vector<measure::HeadStructure>& heads) {
  auto list = nlohmann::json::array();
  for (const auto& head : heads) {
    nlohmann::json row = {{"layer", head.layer}, {"head", head.head}};
    for (const auto& [name, mass] : kMasses) measure::set_measured(row, name, head.*mass);
    list.push_back(std::move(row));
  }
  return {{"schema", "sketchscope/heads/1"}, {"heads", std::move(list)}};
}

void print_heads(std::ostream& stream, const std::vector<measure::HeadStructure>& heads) {
  stream << "layer  head   sink  previous  induction\n";
  const auto cell = [](const std::optional<double>& mass) {
    return mass ? decimals(*mass, 2) : std::string("-");
  };
  for (const auto& head : heads) {
    stream << std::setw(5) << head.layer << std::setw(6) << head.head << std::setw(7)
           << cell(head.sink) << std::setw(10) << cell(head.previous) << std::setw(11)
           << cell(head.induction) << '\n';
  }
  const auto print_count = [&](const std::string& name, const HeadMass& mass, double least) {
    const auto count = std::ranges::count_if(heads, [&](const measure::HeadStructure& head) {
      return (head.*mass.value).value_or(0) >= least;
    });
    if (!(heads.front().*mass.value)) return;
    print_line(stream, name + " " + decimals(least, 1) + " or more",
               std::to_string(count) + " of " + std::to_string(heads.size()));
  };
  print_count("sink", kMasses[0], kIsSink);
  print_count("induction", kMasses[2], kIsInduction);
}

/// `heads`: finds the heads of a model that are sinks, previous-token heads or induction heads.
class HeadsCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--text", text_,
              "file to read, - is standard input (default: four tales of the test split)");
    flags.add("--max-tokens", tokens_, {2, kAny},
              "read no more of a text than its first N tokens (default: 400)");
    common_.declare_json(flags);
    common_.declare_model(flags);
  }

  void run(const std::stop_token& stop) override {
    const model::LoadedModel model = common_.open(stop);
    ResultOutput output(common_.json(), stop);
    const int positions = model.model->config().positions;
    const auto heads = measure::measure_heads(model.model,
                                              {.texts = texts(model, stop),
                                               .repeated_tokens = std::min(200, positions / 2),
                                               .threads = common_.threads()},
                                              stop);
    output.write(heads_json(heads));
    output.print(is_measured(heads), [&](std::ostream& words) { print_heads(words, heads); });
  }

 private:
  std::vector<std::vector<int>> texts(const model::LoadedModel& model,
                                      const std::stop_token& stop) const {
    constexpr int kTales = 4;
    constexpr std::size_t kCharactersPerToken = 5;
    const int count = std::min(tokens_, model.model->config().positions);
    if (!text_.empty()) return {measured_tokens(model, text_, count, stop)};
    std::vector<std::vector<int>> texts;
    for (std::uint64_t seed = 1; seed <= kTales; ++seed) {
      const auto tale =
          corpus::make_tale({.split = corpus::CorpusSplit::test,
                             .seed = seed,
                             .characters = static_cast<std::size_t>(count) * kCharactersPerToken});
      texts.push_back(model::first_tokens(model, tale.text, count));
    }
    return texts;
  }

  CommonOptions common_;
  std::filesystem::path text_;
  int tokens_ = 400;
};

nlohmann::json study_json(const std::vector<measure::CounterStudyRow>& rows) {
  auto list = nlohmann::json::array();
  for (const measure::CounterStudyRow& row : rows) {
    list.push_back({{"key", row.key},
                    {"counters", row.counters},
                    {"bytes", row.budget},
                    {"items", row.items},
                    {"exact_bytes", row.exact_bytes},
                    {"mean_error", row.mean_error},
                    {"relative_error", row.relative_error},
                    {"top_found", row.top_found}});
  }
  return {{"schema", "sketchscope/sketches/1"}, {"rows", std::move(list)}};
}

bool same_contest(const measure::CounterStudyRow& left, const measure::CounterStudyRow& right) {
  return left.key == right.key && left.budget == right.budget;
}

/// Prints a line per key and budget and a column per way to count; the best one is marked.
void print_study(std::ostream& stream, const std::vector<measure::CounterStudyRow>& rows) {
  constexpr int kColumn = 24;
  stream << std::left << std::setw(15) << "key" << std::right << std::setw(7) << "bytes";
  for (const measure::CounterStudyRow& row : rows) {
    if (same_contest(row, rows.front())) stream << std::setw(kColumn) << row.counters;
  }
  stream << "   exact needs\n";
  for (auto first = rows.begin(); first != rows.end();) {
    const auto end = std::find_if_not(first, rows.end(), [&](const measure::CounterStudyRow& row) {
      return same_contest(row, *first);
    });
    const auto best = std::min_element(first, end, [](const auto& left, const auto& right) {
      return left.relative_error < right.relative_error;
    });
    stream << std::left << std::setw(15) << first->key << std::right << std::setw(7)
           << first->budget;
    for (auto row = first; row != end; ++row) {
      stream << std::setw(kColumn)
             << (row == best ? "*" : "") + decimals(100 * row->relative_error, 2) + " %, top " +
                    decimals(100 * row->top_found, 0) + " %";
    }
    stream << std::setw(14) << decimals(first->exact_bytes, 0) << '\n';
    first = end;
  }
  stream << "error as a share of the true mass; top: heaviest 64 items found; *: least error\n";
}

/// `sketches`: compares the accuracy of sketches and exact counters in equal bytes on real
/// attention.
class SketchesCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override {
    flags.group("Run");
    flags.add("--text", text_,
              "file to read, - is standard input (default: tales of the test split)");
    flags.add("--max-tokens", tokens_, {2, kAny},
              "read no more than its first N tokens (default: 4096)");
    flags.add("--sketch-depth", depth_, {1, 16}, "rows of every sketch (default: 4)");
    flags.add("--lsh-bits", lsh_bits_, {1, 24}, "bits of a key's code (default: 12)");
    common_.declare_json(flags);
    common_.declare_model(flags);
  }

  void run(const std::stop_token& stop) override {
    const model::LoadedModel model = common_.open(stop);
    ResultOutput output(common_.json(), stop);
    const std::vector<measure::CounterStudyRow> rows =
        measure::study_counters(model.model,
                                {.texts = texts(model, stop),
                                 .depth = depth_,
                                 .lsh_bits = lsh_bits_,
                                 .threads = common_.threads()},
                                Progress("sketches").sink(), stop);
    output.write(study_json(rows));
    output.print(!rows.empty(), [&](std::ostream& words) { print_study(words, rows); });
  }

 private:
  std::vector<std::vector<int>> texts(const model::LoadedModel& model,
                                      const std::stop_token& stop) const {
    const auto most = static_cast<std::size_t>(tokens_);
    const auto context = static_cast<std::size_t>(model.model->config().positions);
    std::vector<int> tokens =
        text_.empty() ? corpus::tale_tokens(model::tokenizer_of(model), most, 5 * context)
                      : measured_tokens(model, text_, tokens_, stop);
    tokens.resize(std::min(tokens.size(), most));
    return measure::chunks_of(
        tokens, *model.model,
        {.start_token = model::start_token(model, model::StartToken::automatic)});
  }

  CommonOptions common_;
  std::filesystem::path text_;
  int tokens_ = 4096;
  int depth_ = 4;
  int lsh_bits_ = 12;
};

}  // namespace

std::unique_ptr<Subcommand> make_heads_command() {
  return std::make_unique<HeadsCommand>();
}

std::unique_ptr<Subcommand> make_sketches_command() {
  return std::make_unique<SketchesCommand>();
}

}  // namespace sketchscope::cli
