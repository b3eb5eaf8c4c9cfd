#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sketchscope::branch {

/// A token that was drawn to continue a path.
struct DrawnToken {
  int token = 0;
  double log_probability = 0;  ///< under its distribution
  double entropy = 0;          ///< of its distribution, divided by ln V
};

/// Whether and why a path ended.
enum class PathState : std::uint8_t {
  live,
  pruned,       ///< ended: `max_paths` others were more likely
  end_of_text,  ///< ended: its last token is end-of-text
  complete,     ///< ended: wanted length, end of context, or stop
};

/// The tokens of a branching run as a tree whose root is the prompt's last token. Each node is one
/// token at one position, and each path leads from the root to a leaf. A forked path continues with
/// the first token drawn; the other tokens begin new paths, whose parent it is.
class PathTree {
 public:
  /// Node 0 stands for the end of the prompt and has no token of its own.
  static constexpr int kPromptEnd = 0;

  struct Node {
    int parent = -1;
    DrawnToken drawn;
    int depth = 0;               ///< tokens from the prompt's end; position = prompt + depth − 1
    int path = 0;                ///< the path that added the node
    double log_probability = 0;  ///< sum from the root to this node
    int children = 0;            ///< more than one if the path forked here
    int live_paths_through = 0;
  };
  struct Path {
    int id = 0;
    std::optional<int> parent;
    int leaf = kPromptEnd;
    PathState state = PathState::live;
  };

  /// Creates a tree with one live path, number 0, that has no token yet.
  explicit PathTree(int prompt_tokens);

  /// Continues a path with each of these tokens, at least one. Returns the path of each token: the
  /// given path first, then new ones.
  std::vector<int> grow(int path, std::span<const DrawnToken> drawn);
  /// Adds a path that has the first `index` tokens of `path` and continues with `drawn`. Returns
  /// its id.
  int fork(int path, int index, const DrawnToken& drawn);
  /// Ends a live path.
  void finish(int path, PathState state);

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<Path>& paths() const { return paths_; }
  [[nodiscard]] const Path& path(int id) const { return paths_[static_cast<std::size_t>(id)]; }
  [[nodiscard]] const Node& leaf(int path) const { return node(this->path(path).leaf); }
  [[nodiscard]] int prompt_tokens() const { return prompt_tokens_; }

  /// Returns the nodes of a path in the order in which they were drawn, without the root.
  [[nodiscard]] std::vector<int> nodes_of(int path) const;
  [[nodiscard]] std::vector<int> tokens_of(int path) const;
  /// Returns the positions of the path's tokens whose parent node has several children.
  [[nodiscard]] std::vector<int> branch_positions_of(int path) const;
  /// Returns the number of distinct tokens on live paths, prompt included: the number that a cache
  /// with perfect sharing would store.
  [[nodiscard]] std::size_t live_tokens() const;

 private:
  [[nodiscard]] const Node& node(int index) const {
    return nodes_[static_cast<std::size_t>(index)];
  }
  int add_node(int parent, const DrawnToken& drawn, int path);
  int add_path(int parent);
  /// Continues a path from node `from`.
  void extend(int path, int from, const DrawnToken& drawn);
  /// Adds `by` to `live_paths_through` of a node and all its ancestors.
  void count_through(int node, int by);

  int prompt_tokens_;
  std::vector<Node> nodes_;
  std::vector<Path> paths_;
  std::size_t live_nodes_ = 0;
};

}  // namespace sketchscope::branch
