"""
Writes test/auditing/labels/cleanlab.json: label errors as cleanlab finds them, which the test compares with those of rice.
Run: pip install cleanlab==2.9.0 && python3 scripts/cleanlab_reference.py
"""
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from sklearn.covariance import ledoit_wolf
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.preprocessing import StandardScaler

CLASSES = 4
PICTURES = 120


def case(seed, noise):
    """Labels of which a share is wrong, and rounded probabilities, so that JSON has exactly what cleanlab saw."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, CLASSES, PICTURES)
    scores = random.normal(0, 1, (PICTURES, CLASSES))
    scores[np.arange(PICTURES), truth] += 2.5
    probabilities = np.exp(scores)
    probabilities = np.round(probabilities / probabilities.sum(axis=1, keepdims=True), 4)
    given = truth.copy()
    wrong = random.random(PICTURES) < noise
    given[wrong] = (given[wrong] + random.integers(1, CLASSES, wrong.sum())) % CLASSES
    return {
        "given": given.tolist(),
        "probabilities": probabilities.tolist(),
        "thresholds": get_confident_thresholds(given, probabilities).tolist(),
        "joint": compute_confident_joint(given, probabilities, calibrate=False).tolist(),
        "counts": compute_confident_joint(given, probabilities, calibrate=True).tolist(),
        "issues": np.where(find_label_issues(given, probabilities, filter_by="prune_by_noise_rate", n_jobs=1))[0].tolist(),
    }


def discriminant(seed, pictures, width):
    """Features of three labels, and what scikit-learn's shrunk discriminant makes of five further rows."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, pictures)
    rows = np.round(random.normal(0, 1, (pictures, width)) @ random.normal(0, 1, (width, width)) + 2 * labels[:, None] * (np.arange(width) % 3 == 0), 3)
    means = np.array([rows[labels == label].mean(axis=0) for label in range(3)])
    centered = rows - means[labels]
    scales = centered.std(axis=0)
    covariance, shrinkage = ledoit_wolf(centered / scales, assume_centered=True)
    model = LinearDiscriminantAnalysis(solver="lsqr", covariance_estimator=Fixed(covariance))
    model.fit(rows / scales, labels)
    asked = np.round(random.normal(1, 2, (5, width)), 3)
    return {
        "labels": labels.tolist(),
        "rows": rows.tolist(),
        "asked": asked.tolist(),
        "shrinkage": float(shrinkage),
        "probabilities": model.predict_proba(asked / scales).tolist(),
    }


class Fixed:
    """A covariance that is known already: the one that is pooled over all labels."""

    def __init__(self, covariance):
        self.covariance_ = covariance

    def fit(self, _):
        return self


document = {
    "cleanlab": version("cleanlab"),
    "scikit-learn": version("scikit-learn"),
    "cases": [case(1, 0.1), case(2, 0.25), case(3, 0.03)],
    "discriminants": [discriminant(4, 60, 6), discriminant(5, 30, 20)],
}
path = Path(__file__).parent.parent / "test" / "auditing" / "labels" / "cleanlab.json"
path.write_text(json.dumps(document) + "\n")
