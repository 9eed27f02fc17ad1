"""The equations of D-Pruner (arXiv 2405.06275) in numpy, float64, written for reading and not for speed.

They are the oracle of the engine's tests: every function is one formula, in the paper's names. Shapes are in
Hugging Face's terms: a weight is [rows, columns] = [outputs, inputs].
"""

import numpy as np

DAMPING = 0.01  # of the mean of H's diagonal


def hessian(x):
    """H = (2/N) sum of x xT. x: [N, columns], all tokens of all sequences. Without damping."""
    return 2.0 / x.shape[0] * (x.T @ x)


def inverse_hessian_diagonal(h, damping=DAMPING):
    """diag((H + damping * mean(diag H) * I)^-1). The mean is over all columns, dead ones included."""
    damped = h + damping * np.mean(np.diag(h)) * np.eye(h.shape[0])
    root = np.linalg.inv(np.linalg.cholesky(damped))  # H = L LT, so H^-1 = L^-T L^-1
    return np.sum(root * root, axis=0)


def general_importance(w, h, damping=DAMPING):
    """Eq. 2: G = W^2 / (2 [H^-1]_mm); 0 for a dead column, one whose input is always 0."""
    g = 0.5 * w**2 / inverse_hessian_diagonal(h, damping)[None, :]
    g[:, np.diag(h) == 0] = 0.0
    return g


def final_importance(w, gradient, regularizer):
    """Eq. 7: | d W + (d W)^2 / 2 |, where d = gradient * (1 + regularizer), regularizer = c G H_F."""
    dw = gradient * (1.0 + regularizer) * w
    return np.abs(dw + 0.5 * dw**2)


def dual_importance(general, fisher, w, mu=0.5):
    """log S = (1 - mu) log G + mu log(H_F W^2); -inf where either is 0. For 0 < mu < 1."""
    with np.errstate(divide="ignore"):
        return (1.0 - mu) * np.log(general) + mu * np.log(fisher * w**2)


def balanced_importance(mixed, fisher_open, fisher_domain, w, mu=0.5):
    """log S = (log G + log((1 - mu) F_open + mu F_domain)) / 2, G with the Hessian of both texts, each F = H_F W^2 over its
    mean in the matrix; -inf where G or the sum is 0."""
    relative = [f * w**2 / np.mean(f * w**2) for f in (fisher_open, fisher_domain)]
    with np.errstate(divide="ignore"):
        return 0.5 * np.log(mixed) + 0.5 * np.log((1.0 - mu) * relative[0] + mu * relative[1])


def lowest(score, sparsity):
    """Mask of the floor(sparsity * size) lowest scores; of equals, the one first in row-major order goes."""
    mask = np.zeros(score.size, dtype=np.uint8)
    order = np.argsort(score.reshape(-1), kind="stable")
    mask[order[: int(np.floor(sparsity * score.size))]] = 1
    return mask.reshape(score.shape)


def lowest_by_block(score, sparsity, block_size):
    """Iterative blocking: `lowest` in each block of columns, over all rows; the last block may be narrower."""
    mask = np.zeros(score.shape, dtype=np.uint8)
    for start in range(0, score.shape[1], block_size):
        block = slice(start, start + block_size)
        mask[:, block] = lowest(score[:, block], sparsity)
    return mask


def lowest_of_pattern(score, kept, group):
    """N:M: the lowest `group - kept` of each `group` consecutive weights of a row."""
    order = np.argsort(score.reshape(-1, group), axis=1, kind="stable")[:, : group - kept]
    mask = np.zeros((score.size // group, group), dtype=np.uint8)
    np.put_along_axis(mask, order, 1, axis=1)
    return mask.reshape(score.shape)


def input_correlation(h):
    """H_ij / sqrt(H_ii H_jj); 0 where an input is always 0, but 1 with itself."""
    scale = np.sqrt(np.diag(h))
    inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
    correlation = h * inverse[:, None] * inverse[None, :]
    np.fill_diagonal(correlation, 1.0)
    return correlation


def joint_cost(mask, log_importance, w, correlation):
    """Of each row: the sum over removed weights i and j of s_i s_j correlation_ij, s = sign(W) sqrt(S)."""
    removed = np.where(mask, np.sign(w) * np.exp(0.5 * (log_importance - log_importance.max())), 0.0)
    return np.sum(removed @ correlation * removed, axis=1)


def select_jointly(start, log_importance, w, correlation, span, least_gain=1e-6):
    """Lowers `joint_cost` by swaps of a removed and a kept weight of one row, within spans of so many columns: the
    removed weight whose return lowers it most, then the kept one whose removal raises it least."""
    size = np.sign(w) * np.exp(0.5 * (log_importance - log_importance.max()))
    mask = start.astype(bool)
    for row in range(len(mask)):
        swapped = True
        while swapped:
            swapped = False
            for begin in range(0, mask.shape[1], span):
                columns = slice(begin, begin + span)
                while swap(mask[row], size[row], correlation, columns, least_gain):
                    swapped = True
    return mask.astype(np.uint8)


def swap(mask, size, correlation, columns, least_gain):
    """Makes the best swap in one row, if one is worth it. Every effect is computed anew."""
    effect = correlation @ np.where(mask, size, 0.0)
    returns = np.where(mask, size * (size - 2 * effect), np.inf)[columns]
    back = columns.start + int(np.argmin(returns))
    gain = returns.min()
    if not np.isfinite(gain):
        return False
    left = effect - size[back] * correlation[back]
    removals = np.where(mask, np.inf, size * (size + 2 * left))[columns]
    out = columns.start + int(np.argmin(removals))
    if not gain + removals.min() < -least_gain * abs(gain):
        return False
    mask[back], mask[out] = False, True
    return True
