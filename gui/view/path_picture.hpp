#pragma once

#include <vector>

#include "engine/branch/branch_state.hpp"

namespace sketchscope {

/// A stretch of the tree that one path alone is drawn with: from where it left another to its end.
struct PathRow {
  struct Token {
    int depth = 0;  ///< from 1, counted from the prompt's end
    int token = 0;
    double entropy = 0;      ///< of the distribution it was drawn from, as a share of ln V
    double probability = 0;  ///< in that distribution
    double weight = 0;       ///< of the paths through it, among all that are shown: 1 before a fork
    int holders = 0;         ///< live paths that hold its page; 0 where that is not known
  };
  int path = 0;
  PathState state = PathState::live;
  int parent_row = -1;  ///< the row it leaves; −1: the prompt
  double weight = 0;    ///< its probability among the paths shown
  double log_probability = 0;
  std::vector<Token> tokens;  ///< its own, in order
};

/// The paths that were not pruned, as rows from top to bottom in which no two branches cross: below
/// a path come those that left it, the latest first. What paths have in common belongs to the
/// likeliest.
struct PathPicture {
  std::vector<PathRow> rows;
  int deepest = 0;  ///< depth of the last token
};
PathPicture path_picture(const BranchState& state);

/// The entropies of one path's tokens, by depth from 1.
std::vector<double> entropies_of(const PathTree& tree, int path);

}  // namespace sketchscope
