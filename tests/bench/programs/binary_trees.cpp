// binary_trees.das in C++, for the profilers of native programs. compare.py --profiling compiles it.
#include <cstdio>

namespace {

struct Tree {
  Tree* left = nullptr;
  Tree* right = nullptr;
};

Tree* Grow(int depth) {
  Tree* tree = new Tree;
  if (depth == 0) return tree;
  tree->left = Grow(depth - 1);
  tree->right = Grow(depth - 1);
  return tree;
}

int CountNodes(const Tree* tree) {
  return tree->left == nullptr ? 1 : 1 + CountNodes(tree->left) + CountNodes(tree->right);
}

void Cut(Tree* tree) {
  if (tree->left != nullptr) {
    Cut(tree->left);
    Cut(tree->right);
  }
  delete tree;
}

}  // namespace

int main() {
  int total = 0;
  Tree* lasting = Grow(15);
  for (int round = 0; round < 250; ++round) {
    Tree* tree = Grow(12);
    total += CountNodes(tree);
    Cut(tree);
  }
  total += CountNodes(lasting);
  Cut(lasting);
  std::printf("%d\n", total);
}
