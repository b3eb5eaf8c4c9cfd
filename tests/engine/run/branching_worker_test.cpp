#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/branch/branch_run.hpp"
#include "engine/run/worker.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::run {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BranchingWorker : public ::testing::Test {
 protected:
  BranchingWorker() {
    worker_.send(command::Branch{});
    settle();
  }

  /// Until all paths have ended and the watched one is shown whole.
  void settle() {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < until) {
      if (worker_.idle() && worker_.state()->phase != RunPhase::running) return;
      std::this_thread::sleep_for(1ms);
    }
    ADD_FAILURE() << "the worker did not come to rest";
  }

  [[nodiscard]] std::vector<int> shown_tokens() const {
    std::vector<int> tokens;
    for (const record::RecordPointer& record : worker_.log().read(0, 0).records) {
      tokens.insert(tokens.end(), record->tokens.begin(), record->tokens.end());
    }
    return tokens;
  }

  /// The prompt and all but the last token of a path: what its lane was fed.
  [[nodiscard]] std::vector<int> fed_tokens(int path) const {
    std::vector<int> tokens = {1, 2, 3, 4, 5};
    const auto own = worker_.state()->branching->tree.tokens_of(path);
    tokens.insert(tokens.end(), own.begin(), std::prev(own.end()));
    return tokens;
  }

  Worker worker_{{.model = support::make_tiny_model(), .name = "tiny"},
                 {.knobs = {.policy = "heavy-hitter",
                            .max_cache_size = 20,
                            .recent_window = 4,
                            .temperature = 1,
                            .threshold = 0.5,
                            .max_paths = 4},
                  .prompt = "1 2 3 4 5",
                  .running = false,
                  .tokens_per_second = 0,
                  .threads = 1},
                 {}};
};

TEST_F(BranchingWorker, ShowsThePathThatItFollows) {
  const auto state = worker_.state();
  ASSERT_NE(state->branching, nullptr);
  EXPECT_TRUE(state->branching->finished);
  EXPECT_GT(state->branching->tree.paths().size(), 3U);
  EXPECT_EQ(shown_tokens(), fed_tokens(state->branching->watched));
}

TEST_F(BranchingWorker, ShowsEveryPathThatIsAskedFor) {
  const branch::PathTree tree = worker_.state()->branching->tree;
  int watched = 0;
  for (const branch::PathTree::Path& path : tree.paths()) {
    if (path.state == branch::PathState::pruned) continue;
    worker_.send(command::WatchPath{path.id});
    settle();
    EXPECT_EQ(worker_.state()->branching->watched, path.id);
    EXPECT_EQ(shown_tokens(), fed_tokens(path.id));
    EXPECT_EQ(worker_.state()->next_token, tree.tokens_of(path.id).back());
    ++watched;
  }
  EXPECT_GE(watched, 4);
  EXPECT_THAT(worker_.take_notices(), IsEmpty());
}

TEST_F(BranchingWorker, ForksByHandAndShowsTheNewPath) {
  const int watched = worker_.state()->branching->watched;
  const std::vector<int> before = worker_.state()->branching->tree.tokens_of(watched);
  int other = 17;
  while (other == before.at(6)) ++other;
  worker_.send(command::ForkPath{watched, 6, other});
  worker_.send(command::Play{});
  settle();
  EXPECT_THAT(worker_.take_notices(), IsEmpty());
  const auto branching = worker_.state()->branching;
  EXPECT_NE(branching->watched, watched);
  const std::vector<int> after = branching->tree.tokens_of(branching->watched);
  EXPECT_EQ(after.at(6), other);
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + 6, after.begin()));
  EXPECT_EQ(shown_tokens(), fed_tokens(branching->watched));
}

TEST_F(BranchingWorker, GoesOnAloneWithTheWatchedPathWhenBranchingEnds) {
  const auto shown = shown_tokens();
  worker_.send(command::EndBranching{});
  worker_.send(command::Pause{});
  settle();
  EXPECT_EQ(worker_.state()->branching, nullptr);
  const auto more = shown_tokens();
  ASSERT_GE(more.size(), shown.size());
  EXPECT_TRUE(std::equal(shown.begin(), shown.end(), more.begin()));
}

TEST_F(BranchingWorker, RefusesAPathThatIsNoneAndAGreedyChoice) {
  worker_.send(command::WatchPath{100000});
  worker_.send(command::SetKnob{"temperature", "0"});
  settle();
  EXPECT_THAT(worker_.take_notices(), SizeIs(2));
  EXPECT_EQ(worker_.state()->wanted.temperature, 1);
}

}  // namespace
}  // namespace sketchscope::run
