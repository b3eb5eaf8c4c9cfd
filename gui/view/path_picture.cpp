#include "gui/view/path_picture.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace sketchscope::view {
namespace {

using Node = branch::PathTree::Node;

const Node& node_at(const branch::PathTree& tree, int index) {
  return tree.nodes()[static_cast<std::size_t>(index)];
}

std::vector<int> shown_paths(const branch::PathTree& tree) {
  std::vector<int> paths;
  for (const branch::PathTree::Path& path : tree.paths()) {
    if (path.state != branch::PathState::pruned) paths.push_back(path.id);
  }
  std::ranges::stable_sort(paths, std::greater(),
                           [&](int path) { return tree.leaf(path).log_probability; });
  return paths;
}

class Painter {
 public:
  explicit Painter(const branch::BranchState& state)
      : state_(state), tree_(state.tree), paths_(shown_paths(state.tree)) {}

  PathPicture paint() {
    weigh();
    for (const int path : paths_) claim(path);
    PathPicture picture;
    if (!found_.empty()) place(0, -1, picture);
    for (const PathRow& row : picture.rows) {
      if (!row.tokens.empty()) picture.deepest = std::max(picture.deepest, row.tokens.back().depth);
    }
    return picture;
  }

 private:
  struct Found {
    PathRow row;
    std::vector<std::size_t> leavers;  // indices of found_, in the order of their depths
    int leaves_at = 0;                 // depth of its first own token
  };

  /// Normalises the path probabilities, relative to the largest, since those of long paths
  /// underflow.
  void weigh() {
    double sum = 0;
    for (const int path : paths_) sum += relative(path);
    for (const int path : paths_) {
      weights_[path] = relative(path) / sum;
      for (const int node : tree_.nodes_of(path)) through_[node] += weights_[path];
    }
  }

  [[nodiscard]] double relative(int path) const {
    return std::exp(tree_.leaf(path).log_probability - tree_.leaf(paths_.front()).log_probability);
  }

  [[nodiscard]] int holders(int path, int depth) const {
    const auto found = std::ranges::find(state_.sharing, path, &branch::PathSharing::path);
    if (found == state_.sharing.end()) return 0;
    const auto position = static_cast<std::size_t>(tree_.prompt_tokens() + depth - 1);
    return position < found->holders.size() ? found->holders[position] : 0;
  }

  /// Assigns a path the nodes that no more likely path has.
  void claim(int path) {
    const std::size_t index = found_.size();
    Found found{.row = {.path = path,
                        .state = tree_.path(path).state,
                        .weight = weights_[path],
                        .log_probability = tree_.leaf(path).log_probability}};
    int before = branch::PathTree::kPromptEnd;
    for (const int node : tree_.nodes_of(path)) {
      if (!owner_.contains(node)) {
        owner_[node] = index;
        const Node& at = node_at(tree_, node);
        found.row.tokens.push_back({.depth = at.depth,
                                    .token = at.drawn.token,
                                    .entropy = at.drawn.entropy,
                                    .probability = std::exp(at.drawn.log_probability),
                                    .weight = through_[node],
                                    .holders = holders(path, at.depth)});
      } else {
        before = node;
      }
    }
    found.leaves_at = node_at(tree_, before).depth;
    found_.push_back(std::move(found));
    if (index == 0) return;
    // A path that leaves at the prompt's end is drawn as leaving the most likely path.
    const std::size_t from = before == branch::PathTree::kPromptEnd ? 0 : owner_[before];
    found_[from].leavers.push_back(index);
  }

  void place(std::size_t index, int parent_row, PathPicture& picture) {
    Found& found = found_[index];
    found.row.parent_row = parent_row;
    const auto row = static_cast<int>(picture.rows.size());
    picture.rows.push_back(found.row);
    std::ranges::stable_sort(found.leavers, std::greater(),
                             [&](std::size_t leaver) { return found_[leaver].leaves_at; });
    for (const std::size_t leaver : found.leavers) place(leaver, row, picture);
  }

  const branch::BranchState& state_;
  const branch::PathTree& tree_;
  std::vector<int> paths_;  // likeliest first
  std::map<int, double> weights_;
  std::map<int, double> through_;     // node → weight of the paths through it
  std::map<int, std::size_t> owner_;  // node → index of found_
  std::vector<Found> found_;
};

}  // namespace

PathPicture path_picture(const branch::BranchState& state) {
  return Painter(state).paint();
}

std::string watched_text(const branch::BranchState& state) {
  const std::string words = "watching path " + std::to_string(state.watched) + " · ";
  const std::vector<int> paths = shown_paths(state.tree);
  const auto place = std::ranges::find(paths, state.watched) - paths.begin();
  if (place == std::ssize(paths)) return words + "pruned";
  return words + "rank " + std::to_string(place + 1) + " of " + std::to_string(paths.size());
}

std::vector<double> entropies_of(const branch::PathTree& tree, int path) {
  std::vector<double> entropies;
  for (const int node : tree.nodes_of(path)) entropies.push_back(node_at(tree, node).drawn.entropy);
  return entropies;
}

}  // namespace sketchscope::view
