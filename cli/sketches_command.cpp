#include <algorithm>
#include <iomanip>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common_options.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_output.hpp"
#include "cli/progress.hpp"
#include "cli/run_summary.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/corpus/corpus.hpp"
#include "engine/measure/counter_study.hpp"

namespace sketchscope {
namespace {

/// `sketches`: compares the accuracy of sketches and exact counters in equal bytes on real
/// attention.
class SketchesCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override;
  void run() override;

 private:
  [[nodiscard]] std::vector<std::vector<int>> texts(const LoadedModel& model) const;

  CommonOptions common_;
  std::filesystem::path text_;
  int tokens_ = 4096;
  int depth_ = 4;
  int lsh_bits_ = 12;
};

nlohmann::json study_json(const std::vector<CounterStudyRow>& rows) {
  auto list = nlohmann::json::array();
  for (const CounterStudyRow& row : rows) {
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

bool same_contest(const CounterStudyRow& left, const CounterStudyRow& right) {
  return left.key == right.key && left.budget == right.budget;
}

/// Prints a line per key and budget and a column per way to count; the best one is marked.
void print_study(std::ostream& stream, const std::vector<CounterStudyRow>& rows) {
  constexpr int kColumn = 24;
  stream << std::left << std::setw(15) << "key" << std::right << std::setw(7) << "bytes";
  for (const CounterStudyRow& row : rows) {
    if (same_contest(row, rows.front())) stream << std::setw(kColumn) << row.counters;
  }
  stream << "   exact needs\n";
  for (auto first = rows.begin(); first != rows.end();) {
    const auto end = std::find_if_not(
        first, rows.end(), [&](const CounterStudyRow& row) { return same_contest(row, *first); });
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

void SketchesCommand::declare(Flags& flags) {
  flags.group("Run");
  flags.add("--text", text_, "file to read (default: tales of the test split)");
  flags.add("--max-tokens", tokens_, {2, std::numeric_limits<int>::max()},
            "read no more than its first N tokens (default: 4096)");
  flags.add("--sketch-depth", depth_, {1, 16}, "rows of every sketch (default: 4)");
  flags.add("--lsh-bits", lsh_bits_, {1, 24}, "bits of a key's code (default: 12)");
  common_.declare_json(flags);
  common_.declare_model(flags);
}

std::vector<std::vector<int>> SketchesCommand::texts(const LoadedModel& model) const {
  const auto most = static_cast<std::size_t>(tokens_);
  const auto context = static_cast<std::size_t>(model.model->config().positions);
  std::vector<int> tokens = text_.empty() ? tale_tokens(tokenizer_of(model), most, 5 * context)
                                          : tokenizer_of(model).encode(read_file(text_));
  tokens.resize(std::min(tokens.size(), most));
  std::vector<std::vector<int>> texts;
  for (std::size_t start = 0; start < tokens.size(); start += context) {
    const auto chunk = std::span(tokens).subspan(start, std::min(context, tokens.size() - start));
    texts.emplace_back(chunk.begin(), chunk.end());
  }
  if (texts.empty()) throw Error({.what = text_.string() + " has no tokens"});
  return texts;
}

void SketchesCommand::run() {
  const Interrupt interrupt;
  const LoadedModel model = common_.open();
  JsonOutput json(common_.json());
  const std::vector<CounterStudyRow> rows = [&] {
    Progress progress("sketches");
    return study_counters(
        model.model,
        {.texts = texts(model),
         .depth = depth_,
         .lsh_bits = lsh_bits_,
         .threads = common_.threads()},
        [&](double share) { progress.show(share); }, interrupt.token());
  }();
  json.write(study_json(rows));
  print_study(json.takes_standard_output() ? std::cerr : std::cout, rows);
}

}  // namespace

std::unique_ptr<Subcommand> make_sketches_command() {
  return std::make_unique<SketchesCommand>();
}

}  // namespace sketchscope
