import {calibrationSection} from '../../evaluation/report/calibration-section.ts';
import {confusionSection} from '../../evaluation/report/confusion-section.ts';
import {mistakesSection} from '../../evaluation/report/mistakes-section.ts';
import {unknownSection} from '../../evaluation/report/unknown-section.ts';
import {varietiesSection} from '../../evaluation/report/varieties-section.ts';
import {METRICS_FILE} from '../../training/run/run-folder.ts';
import {curvesSection} from './curves-section.ts';
import {pageFrame} from './page-frame.ts';
import {runAboutSection} from './run-about-section.ts';
import {runHeadline, title} from './run-headline.ts';
import type {RunPageData} from './run-page-data.ts';
import {samplesSection} from './samples-section.ts';
import {settingsSection} from './settings-section.ts';

/** A training run as one self-contained HTML page: what there is of it, also where it is not at its end. */
export function renderRunPage(data: RunPageData): string {
  const {run, samples, pictures, unknownPictures, refresh} = data;
  const {test} = run;
  const sections = [
    {id: 'curves', title: 'Curves', content: curvesSection(run)},
    {id: 'confusion', title: 'Confusion', content: test && confusionSection(test, pictures.length)},
    {id: 'varieties', title: 'Varieties', content: test && varietiesSection(test)},
    {id: 'calibration', title: 'Calibration', content: test && calibrationSection(test)},
    {id: 'mistakes', title: 'Mistakes', content: test && mistakesSection(test, pictures, METRICS_FILE)},
    {id: 'unknown', title: 'Unknown', content: test && unknownSection(test, unknownPictures, METRICS_FILE)},
    {id: 'samples', title: 'What it saw', content: samplesSection(samples)},
    {id: 'settings', title: 'Settings', content: settingsSection(run)},
    {id: 'about', title: 'About', content: runAboutSection(run)},
  ];
  return pageFrame(`${run.name}: ${title(run)}`, runHeadline(data), sections, refresh);
}
