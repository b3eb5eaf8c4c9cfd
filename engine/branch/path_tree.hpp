#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sketchscope {

/// A token that a path goes on with.
struct DrawnToken {
  int token = 0;
  double log_probability = 0;  ///< under the distribution it was drawn from
  double entropy = 0;          ///< of that distribution, as a share of ln V
};

/// What became of a path.
enum class PathState : std::uint8_t {
  live,
  pruned,       ///< less likely than `max_paths` others
  end_of_text,  ///< set aside: its last token is end-of-text
  complete,     ///< reached the length asked for, the context's end, or a stop
};

/// All tokens of a branching run: a tree from the prompt's last token, each node one token at one
/// position, and the paths through it. A path that is forked goes on with the first token drawn;
/// the others begin new paths, whose parent it is.
class PathTree {
 public:
  /// Node 0 stands for the end of the prompt and has no token of its own.
  static constexpr int kPromptEnd = 0;

  struct Node {
    int parent = -1;
    DrawnToken drawn;
    int depth = 0;               ///< tokens from the prompt's end; position = prompt + depth − 1
    int path = 0;                ///< that brought it
    double log_probability = 0;  ///< of all tokens up to this one
    int children = 0;            ///< more than one: the path was forked here
    int live_paths_through = 0;
  };
  struct Path {
    int id = 0;
    std::optional<int> parent;
    int leaf = kPromptEnd;
    PathState state = PathState::live;
  };

  /// One live path, 0, without a token.
  explicit PathTree(int prompt_tokens);

  /// The path goes on with each of these tokens, at least one. Returns the path of each: its own id
  /// first, then those of new paths.
  std::vector<int> grow(int path, std::span<const DrawnToken> drawn);
  /// A new path that has the first `index` tokens of `path` and goes on with another. Returns it.
  int fork(int path, int index, const DrawnToken& drawn);
  /// A live path ends.
  void finish(int path, PathState state);

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<Path>& paths() const { return paths_; }
  [[nodiscard]] const Path& path(int id) const { return paths_[static_cast<std::size_t>(id)]; }
  [[nodiscard]] const Node& leaf(int path) const { return node(this->path(path).leaf); }
  [[nodiscard]] int prompt_tokens() const { return prompt_tokens_; }

  /// Nodes of a path from the prompt's end on, the first drawn first.
  [[nodiscard]] std::vector<int> nodes_of(int path) const;
  [[nodiscard]] std::vector<int> tokens_of(int path) const;
  /// Positions of its tokens at which it is one of several.
  [[nodiscard]] std::vector<int> branch_positions_of(int path) const;
  /// Distinct tokens on live paths, those of the prompt included: what perfect sharing stores.
  [[nodiscard]] std::size_t live_tokens() const;

 private:
  [[nodiscard]] const Node& node(int index) const {
    return nodes_[static_cast<std::size_t>(index)];
  }
  int add_node(int parent, const DrawnToken& drawn, int path);
  int add_path(int parent);
  /// A path goes on from a node.
  void extend(int path, int from, const DrawnToken& drawn);
  /// Adds `by` to the live paths through a node and all before it.
  void count_through(int node, int by);

  int prompt_tokens_;
  std::vector<Node> nodes_;
  std::vector<Path> paths_;
  std::size_t live_nodes_ = 0;
};

}  // namespace sketchscope
