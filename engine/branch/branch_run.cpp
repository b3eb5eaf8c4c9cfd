#include "engine/branch/branch_run.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::branch {
namespace {

PathSharing sharing_of(const BranchRun& run, int path, decode::LaneId lane) {
  const decode::Lane& own = run.session().lane(lane);
  const decode::TableView table = own.layer(0).table(0);
  PathSharing sharing{.path = path};
  sharing.holders.resize(own.tokens().size());
  for (int slot = 0; slot < table.stored(); ++slot) {
    const int position = table.positions()[static_cast<std::size_t>(slot)];
    sharing.holders[static_cast<std::size_t>(position)] = table.holders_of(slot);
  }
  return sharing;
}

PathEnd end_of_tokens(const decode::Lane& lane) {
  return {.tokens = lane.tokens(), .logits = lane.logits()};
}

}  // namespace

BranchRun::BranchRun(std::shared_ptr<const model::Model> model, BranchOptions options,
                     ForkPages pages)
    : options_(std::move(options)),
      pages_(pages),
      session_(std::move(model), options_.threads),
      tree_(static_cast<int>(options_.prompt.size())) {
  check_branch_options(options_);
  live_.push_back({.path = 0,
                   .lane = session_.add_lane({.knobs = options_.knobs}),
                   .random = core::SplitMix64(options_.knobs.seed)});
}

std::vector<decode::LaneId> BranchRun::live_lanes() const {
  std::vector<decode::LaneId> lanes;
  for (const LivePath& path : live_) lanes.push_back(path.lane);
  return lanes;
}

std::vector<int> BranchRun::live_paths() const {
  std::vector<int> paths;
  for (const LivePath& path : live_) paths.push_back(path.path);
  return paths;
}

void BranchRun::set_knobs(const settings::Knobs& knobs) {
  BranchOptions changed = options_;
  changed.knobs = knobs;
  check_branch_options(changed);
  options_ = std::move(changed);
  for (const LivePath& path : live_) session_.lane(path.lane).apply(knobs);
}

void BranchRun::step() {
  if (finished()) return;
  meter_.resume();
  feed();
  grow(keep_likeliest(offer_children(), options_.knobs.max_paths));
  meter_.pause();
}

void BranchRun::feed() {
  using enum CostMeter::Fed;
  if (!std::exchange(prompt_fed_, true)) {
    schedule::feed_prompt(session_, live_.front().lane, options_.prompt, options_.knobs);
    if (options_.keep_prompt) prompt_lane_ = session_.fork(live_.front().lane);
    meter_.note(session_, prompt, live_lanes(), tree_.live_tokens());
    return;
  }
  std::vector<schedule::Feed> feeds;
  for (const LivePath& path : live_) {
    feeds.push_back(
        {.pair = {.lane = path.lane}, .tokens = {&tree_.leaf(path.path).drawn.token, 1}});
  }
  sketchscope::schedule::feed(session_, feeds);
  meter_.note(session_, paths, live_lanes(), tree_.live_tokens());
}

std::vector<Child> BranchRun::offer_children() {
  std::vector<Child> children;
  for (std::size_t index = 0; index < live_.size(); ++index) {
    LivePath& path = live_[index];
    const double so_far = tree_.leaf(path.path).log_probability;
    for (const DrawnToken& drawn :
         offer_tokens(end_of_tokens(session_.lane(path.lane)), options_.knobs, path.random)) {
      children.push_back(
          {.path = index, .drawn = drawn, .log_probability = so_far + drawn.log_probability});
    }
  }
  return children;
}

std::optional<PathState> BranchRun::end_of(decode::LaneId lane, int token) const {
  const decode::Lane& own = session_.lane(lane);
  const std::size_t fed = own.tokens().size();
  const std::size_t drawn = fed + 1 - options_.prompt.size();
  const auto end = stop_rule(options_, session_.model().config()).end(drawn, token, own.has_room());
  if (!end) return std::nullopt;
  return *end == schedule::SequenceEnd::end_token ? PathState::end_of_text : PathState::complete;
}

void BranchRun::grow(std::span<const Child> children) {
  std::vector<std::vector<DrawnToken>> drawn(live_.size());
  for (const Child& child : children) drawn[child.path].push_back(child.drawn);
  // Paths that end free their pages before forks allocate new ones, which lowers the peak.
  for (std::size_t index = 0; index < live_.size(); ++index) {
    if (!drawn[index].empty()) continue;
    tree_.finish(live_[index].path, PathState::pruned);
    session_.remove(live_[index].lane);
  }
  std::vector<LivePath> next;
  for (std::size_t index = 0; index < live_.size(); ++index) {
    if (!drawn[index].empty()) grow_path(live_[index], drawn[index], next);
  }
  live_ = std::move(next);
}

void BranchRun::grow_path(const LivePath& path, std::span<const DrawnToken> drawn,
                          std::vector<LivePath>& next) {
  core::SplitMix64 random = path.random;
  bool lane_taken = false;
  const std::vector<int> grown = tree_.grow(path.path, drawn);
  for (std::size_t child = 0; child < grown.size(); ++child) {
    if (const auto end = end_of(path.lane, drawn[child].token)) {
      tree_.finish(grown[child], *end);
      continue;
    }
    const bool forks = std::exchange(lane_taken, true);
    const decode::LaneId lane = forks ? session_.fork(path.lane) : path.lane;
    if (forks && pages_ == ForkPages::copy) session_.lane(lane).unshare_pages();
    next.push_back({.path = grown[child], .lane = lane, .random = core::SplitMix64(random.next())});
  }
  if (!lane_taken) session_.remove(path.lane);
}

void BranchRun::stop() {
  for (const LivePath& path : std::exchange(live_, {})) {
    tree_.finish(path.path, PathState::complete);
    session_.remove(path.lane);
  }
}

void BranchRun::check_fork_by_hand(int path, int index, int token) const {
  const auto paths = static_cast<int>(tree_.paths().size());
  const int length = path >= 0 && path < paths ? tree_.leaf(path).depth : 0;
  if (!prompt_lane_ || index < 0 || index >= length) {
    throw core::UsageError(
        {.what = "token at which a path is to be forked",
         .found = "number " + std::to_string(index) + " of path " + std::to_string(path),
         .expected = "a token of a path, after the prompt of a run that keeps it"});
  }
  const std::vector<int> nodes = tree_.nodes_of(path);
  const int from =
      tree_.nodes()[static_cast<std::size_t>(nodes[static_cast<std::size_t>(index)])].parent;
  for (const PathTree::Node& node : tree_.nodes()) {
    if (node.parent != from || node.drawn.token != token) continue;
    throw core::UsageError({.what = "token to go on with",
                            .found = std::to_string(token),
                            .expected = "one that no path has there yet",
                            .remedy = "Watch path " + std::to_string(node.path)});
  }
}

int BranchRun::fork_by_hand(int path, int index, int token) {
  check_fork_by_hand(path, index, token);
  meter_.resume();
  const decode::LaneId lane = session_.fork(*prompt_lane_);
  session_.lane(lane).apply(options_.knobs);
  const std::vector<int> tokens = tree_.tokens_of(path);
  for (std::size_t at = 0; at < static_cast<std::size_t>(index); ++at) {
    const schedule::Feed again{.pair = {.lane = lane}, .tokens = {&tokens[at], 1}};
    sketchscope::schedule::feed(session_, {&again, 1});
  }
  DrawnToken drawn;
  try {
    drawn = chosen_token(end_of_tokens(session_.lane(lane)), options_.knobs, token);
  } catch (...) {
    session_.remove(lane);
    throw;
  }
  const int forked = tree_.fork(path, index, drawn);
  const std::uint64_t seed = options_.knobs.seed + static_cast<std::uint64_t>(forked);
  live_.push_back({.path = forked, .lane = lane, .random = core::SplitMix64(seed)});
  meter_.note(session_, CostMeter::Fed::paths, live_lanes(), tree_.live_tokens());
  if (const auto end = end_of(lane, token)) {
    tree_.finish(forked, *end);
    session_.remove(lane);
    live_.pop_back();
  }
  meter_.pause();
  return forked;
}

std::vector<int> BranchRun::paths_by_probability() const {
  std::vector<int> ids;
  for (const PathTree::Path& path : tree_.paths()) {
    if (path.state != PathState::pruned) ids.push_back(path.id);
  }
  std::ranges::stable_sort(ids, std::greater(),
                           [&](int id) { return tree_.leaf(id).log_probability; });
  return ids;
}

BranchState state_of(const BranchRun& run) {
  BranchState state{.tree = run.tree(),
                    .finished = run.finished(),
                    .cost = run.meter().cost(),
                    .kv = run.meter().now()};
  state.prompt_shared_tokens = run.tree().prompt_tokens();
  for (const PathTree::Path& path : run.tree().paths()) {
    if (path.state == PathState::pruned) continue;
    // The last drawn token has not been fed, so it is not in the cache.
    const int fed = std::max(run.tree().leaf(path.id).depth - 1, 0);
    state.independent_tokens += run.tree().prompt_tokens() + fed;
    state.prompt_shared_tokens += fed;
  }
  const std::vector<decode::LaneId> lanes = run.live_lanes();
  const std::vector<int> paths = run.live_paths();
  for (std::size_t index = 0; index < lanes.size(); ++index) {
    state.sharing.push_back(sharing_of(run, paths[index], lanes[index]));
  }
  return state;
}

}  // namespace sketchscope::branch
