#include "engine/branch/path_tree.hpp"

#include <algorithm>

namespace sketchscope::branch {

PathTree::PathTree(int prompt_tokens) : prompt_tokens_(prompt_tokens) {
  nodes_.push_back({.live_paths_through = 1});
  paths_.push_back({});
}

int PathTree::add_node(int parent, const DrawnToken& drawn, int path) {
  Node& above = nodes_[static_cast<std::size_t>(parent)];
  ++above.children;
  const Node fresh{.parent = parent,
                   .drawn = drawn,
                   .depth = above.depth + 1,
                   .path = path,
                   .log_probability = above.log_probability + drawn.log_probability};
  nodes_.push_back(fresh);
  return static_cast<int>(nodes_.size()) - 1;
}

void PathTree::count_through(int node, int by) {
  for (; node != kPromptEnd; node = nodes_[static_cast<std::size_t>(node)].parent) {
    int& through = nodes_[static_cast<std::size_t>(node)].live_paths_through;
    if (through == 0) ++live_nodes_;
    through += by;
    if (through == 0) --live_nodes_;
  }
  nodes_[kPromptEnd].live_paths_through += by;
}

int PathTree::add_path(int parent) {
  const auto id = static_cast<int>(paths_.size());
  paths_.push_back({.id = id, .parent = parent});
  return id;
}

void PathTree::extend(int path, int from, const DrawnToken& drawn) {
  const int leaf = add_node(from, drawn, path);
  paths_[static_cast<std::size_t>(path)].leaf = leaf;
  count_through(leaf, 1);
}

std::vector<int> PathTree::grow(int path, std::span<const DrawnToken> drawn) {
  const int from = this->path(path).leaf;
  std::vector<int> grown;
  for (const DrawnToken& token : drawn) {
    grown.push_back(grown.empty() ? path : add_path(path));
    extend(grown.back(), from, token);
  }
  // The continuing path is already counted at `from` and above, and extend() counts it again.
  count_through(from, -1);
  return grown;
}

int PathTree::fork(int path, int index, const DrawnToken& drawn) {
  const int from = index == 0 ? kPromptEnd : nodes_of(path)[static_cast<std::size_t>(index) - 1];
  const int forked = add_path(path);
  extend(forked, from, drawn);
  return forked;
}

void PathTree::finish(int path, PathState state) {
  Path& ended = paths_[static_cast<std::size_t>(path)];
  ended.state = state;
  count_through(ended.leaf, -1);
}

std::vector<int> PathTree::nodes_of(int path) const {
  std::vector<int> nodes;
  for (int at = this->path(path).leaf; at != kPromptEnd; at = node(at).parent) nodes.push_back(at);
  std::ranges::reverse(nodes);
  return nodes;
}

std::vector<int> PathTree::tokens_of(int path) const {
  std::vector<int> tokens;
  for (const int at : nodes_of(path)) tokens.push_back(node(at).drawn.token);
  return tokens;
}

std::vector<int> PathTree::branch_positions_of(int path) const {
  std::vector<int> positions;
  for (const int at : nodes_of(path)) {
    if (node(node(at).parent).children > 1)
      positions.push_back(prompt_tokens_ + node(at).depth - 1);
  }
  return positions;
}

std::size_t PathTree::live_tokens() const {
  return static_cast<std::size_t>(prompt_tokens_) + live_nodes_;
}

}  // namespace sketchscope::branch
