#pragma once

#include <vector>

#include "engine/branch/branch_run.hpp"

namespace sketchscope::view {

/// One row of the drawn tree: the nodes of a path from its fork to its end.
struct PathRow {
  struct Token {
    int depth = 0;  ///< counted from 1 at the prompt's end
    int token = 0;
    double entropy = 0;      ///< entropy of its distribution, divided by ln V
    double probability = 0;  ///< probability in its distribution
    double weight = 0;       ///< total weight of the shown paths through it
    int holders = 0;         ///< live paths that share its page; 0 if unknown
  };
  int path = 0;
  branch::PathState state = branch::PathState::live;
  int parent_row = -1;  ///< row from which it forks; −1 for the prompt
  double weight = 0;    ///< its normalised probability among the shown paths
  double log_probability = 0;
  std::vector<Token> tokens;  ///< the row's own tokens, in order
};

/// The unpruned paths as rows in an order in which no branches cross: below a path are its forks,
/// the latest first. A common prefix belongs to the most likely path.
struct PathPicture {
  std::vector<PathRow> rows;
  int deepest = 0;  ///< depth of the last token
};
PathPicture path_picture(const branch::BranchState& state);

/// Says which path is watched and its place among the shown ones, likeliest first: "watching path 0
/// · rank 5 of 12". Paths are numbered as they came.
std::string watched_text(const branch::BranchState& state);

/// Returns the entropies of one path's tokens, by depth from 1.
std::vector<double> entropies_of(const branch::PathTree& tree, int path);

}  // namespace sketchscope::view
